"""How templates are made ready."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment as FlaskEnvironment


class Environment(FlaskEnvironment):
    """Flask's, with the globals of a template in a plain dictionary."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """
        Return what a template knows besides what it is given.

        Jinja lays a ChainMap over its own, so that later ones are seen, too, and compares their keys for each
        {% from … import %} of each page, in Python: a twentieth of a page. Ours are known before the first template.
        """
        return {**self.globals, **(d or {})}

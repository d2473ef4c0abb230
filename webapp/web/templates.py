"""How templates are made ready, and made quick: a list draws a thousand words and calls a hundred macros."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment as FlaskEnvironment
from jinja2.compiler import CodeGenerator, Frame
from jinja2.nodes import Expr
from jinja2.runtime import Context, Macro
from markupsafe import Markup
from markupsafe import _escape_inner as escape_text  # type: ignore[attr-defined]


class QuickGenerator(CodeGenerator):
    """Jinja's, but for what escapes the words of a page."""

    def _output_child_pre(self, node: Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if not frame.eval_ctx.autoescape or frame.eval_ctx.volatile:
            super()._output_child_pre(node, frame, finalize)
            return
        self.write("environment.write(")
        if finalize.src is not None:
            self.write(finalize.src)


class QuickContext(Context):
    """Jinja's, but for how macros are called."""

    def call(self, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call what a template names. A macro needs no telling that words are escaped: it does so by itself."""
        if type(obj) is Macro and self.eval_ctx.autoescape:
            # What a block or a loop has set, for functions that ask for the context.
            kwargs.pop("_block_vars", None)
            kwargs.pop("_loop_vars", None)
            return obj(*args, **kwargs)
        return super().call(obj, *args, **kwargs)


class Environment(FlaskEnvironment):
    """Flask's, with the globals of a template in a plain dictionary, and with less ado about each word."""

    code_generator_class = QuickGenerator
    context_class = QuickContext

    @staticmethod
    def write(value: Any) -> str:
        """
        Return a value as the page holds it, escaped where that is not done.

        As markupsafe.escape, whose Markup for each word costs ten times as much as the escaping; nobody needs it here,
        as the words go straight into the page.
        """
        if type(value) is str:
            return escape_text(value)
        if type(value) is Markup:
            return value
        return str(value.__html__()) if hasattr(value, "__html__") else escape_text(str(value))

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """
        Return what a template knows besides what it is given.

        Jinja lays a ChainMap over its own, so that later ones are seen, too, and compares their keys for each
        {% from … import %} of each page, in Python: a twentieth of a page. Ours are known before the first template.
        """
        return {**self.globals, **(d or {})}

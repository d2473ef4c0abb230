"""DevTrackr: tasks, the time they take, calculations, and honest numbers about all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from config import Config


def create_app(config: Config | None = None) -> Flask:
    """Build the application; without `config` it is read from the environment."""
    # Imported here so that the pure packages (rules, values, charts) can be used without Flask.
    from webapp.factory import build_app

    return build_app(config)

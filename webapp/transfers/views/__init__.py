"""Pages of imports and of the sample data, one module each family; `bp` is what the factory mounts."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("transfers", __name__)

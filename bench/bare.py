"""What bench/pages.py measures by: a bare Flask page with a login, one indexed query of 25 rows and a template."""

from __future__ import annotations

import os

from flask import Flask, render_template_string
from flask_login import LoginManager, UserMixin, login_required
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import text

from config import read_database_url

app = Flask(__name__)
app.config["SECRET_KEY"] = "for the bench only"
app.config["SQLALCHEMY_DATABASE_URI"] = read_database_url(os.environ["DATABASE_URL"]).render_as_string(False)
db = SQLAlchemy(app)
manager = LoginManager(app)

PAGE = """<!doctype html><html lang="en"><head><title>Tasks</title></head><body><h1>Tasks</h1><ul>
{% for task in tasks %}<li class="task"><a href="/tasks/{{ task.id }}">{{ task.title }}</a>
<span class="status">{{ task.status }}</span><time>{{ task.created_at }}</time></li>{% endfor %}</ul></body></html>"""


class Somebody(UserMixin):  # type: ignore[misc]
    """Whoever asks."""

    id = "1"


@manager.request_loader  # type: ignore[untyped-decorator]
def load(_request: object) -> Somebody:
    """Let everybody in."""
    return Somebody()


@app.get("/")
@login_required  # type: ignore[untyped-decorator]
def index() -> str:
    """Show the 25 newest tasks."""
    tasks = db.session.execute(
        text(
            "SELECT id, title, status, created_at FROM tasks WHERE workspace_id = 1 AND is_deleted = 0 "
            "ORDER BY created_at DESC, id DESC LIMIT 25"
        )
    ).all()
    return render_template_string(PAGE, tasks=tasks)

"""Create the table of the words that tasks are found by, and fill it."""

from __future__ import annotations

import re
import unicodedata

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0040_create_task_words"
down_revision = "0039_add_list_indexes"

_ROWS = 500
_MOST_WORDS = 400
_LONGEST_WORD = 32


def upgrade() -> None:
    connection = op.get_bind()
    # A run that was killed after a step is done again from there.
    if not sa.inspect(connection).has_table("task_words"):
        op.create_table(
            "task_words",
            sa.Column("workspace_id", sa.Integer(), nullable=False),
            sa.Column(
                "word",
                sa.String(_LONGEST_WORD).with_variant(
                    mysql.VARCHAR(_LONGEST_WORD, charset="utf8mb4", collation="utf8mb4_bin"), "mysql", "mariadb"
                ),
                nullable=False,
            ),
            sa.Column("task_id", sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint(
                ["workspace_id"], ["workspaces.id"], name="fk_task_words_workspace_id_workspaces", ondelete="CASCADE"
            ),
            sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name="fk_task_words_task_id_tasks", ondelete="CASCADE"),
            sa.PrimaryKeyConstraint("workspace_id", "word", "task_id", name="pk_task_words"),
            sa.Index("ix_task_words_by_task", "task_id", "word"),
            mysql_engine="InnoDB",
            mysql_charset="utf8mb4",
            mysql_collate="utf8mb4_unicode_520_ci",
        )
    words = sa.table("task_words", sa.column("workspace_id"), sa.column("word"), sa.column("task_id"))
    first = connection.execute(sa.text("SELECT MIN(id), MAX(id) FROM tasks")).one()
    for start in range(first[0] or 0, (first[1] or -1) + 1, _ROWS):
        span = {"start": start, "end": start + _ROWS}
        connection.execute(sa.text("DELETE FROM task_words WHERE task_id >= :start AND task_id < :end"), span)
        found = [
            {"workspace_id": workspace_id, "word": word, "task_id": task_id}
            for task_id, workspace_id, title, description in connection.execute(
                sa.text("SELECT id, workspace_id, title, description FROM tasks WHERE id >= :start AND id < :end"),
                span,
            ).all()
            for word in sorted(_words_of(title, description))
        ]
        for at in range(0, len(found), _ROWS):
            connection.execute(words.insert(), found[at : at + _ROWS])


def downgrade() -> None:
    op.drop_table("task_words")


# As tasks/rules/words.py was when this was written.
_ACCENTS = re.compile("[\u0300-\u036f]")
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)
_MARKS = "".join(
    character for character in map(chr, range(0x300, 0x20000)) if unicodedata.category(character)[0] == "M"
)
_LETTER = f"(?![{_UNSPACED}_])\\w"
_PARTS = re.compile(f"(?P<unspaced>[{_UNSPACED}]+)|(?P<word>{_LETTER}(?:{_LETTER}|[{_MARKS}])*)|(?P<sign>[^\\w\\s])")
_PILE_OF_MARKS = re.compile(f"([{_MARKS}]{{100}})[{_MARKS}]+")


def _words_of(*texts: str) -> list[str]:
    found: dict[str, None] = {}
    for text in texts:
        for match in _PARTS.finditer(_fold(text)):
            part = match[0]
            if match.lastgroup == "unspaced":
                found.update(dict.fromkeys([*(part[at : at + 2] for at in range(len(part) - 1)), part[-1]]))
            elif match.lastgroup == "word" or unicodedata.category(part) == "So":
                found[part[:_LONGEST_WORD]] = None
            if len(found) >= _MOST_WORDS:
                return list(found)[:_MOST_WORDS]
    return list(found)


def _fold(text: str) -> str:
    if text.isascii():
        return text.casefold()
    folded = unicodedata.normalize("NFKC", _PILE_OF_MARKS.sub(r"\1", " ".join(text.split()))).casefold()
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", folded)))

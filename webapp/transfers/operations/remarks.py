"""What there is to say about single lines of a file, as rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import delete, insert, select, update

from webapp.storage.bulk import in_chunks
from webapp.storage.db import db
from webapp.transfers.models import ImportRemark
from webapp.transfers.rules.judging import LineRemark, together


def write_remarks(import_id: int, remarks: Sequence[LineRemark]) -> None:
    """Add remarks to those of an import; what is said about one line stands together."""
    for chunk in in_chunks(together(remarks)):
        lines = [remark.line for remark in chunk]
        here = {
            row.line: LineRemark(row.line, row.is_refusal, row.message)
            for row in db.session.execute(
                select(ImportRemark.line, ImportRemark.is_refusal, ImportRemark.message).where(
                    ImportRemark.import_id == import_id, ImportRemark.line.in_(lines)
                )
            )
        }
        new = [remark for remark in chunk if remark.line not in here]
        if new:
            db.session.execute(insert(ImportRemark), [{"import_id": import_id, **asdict(remark)} for remark in new])
        for remark in chunk:
            if remark.line in here:
                (joined,) = together([here[remark.line], remark])
                db.session.execute(
                    update(ImportRemark)
                    .where(ImportRemark.import_id == import_id, ImportRemark.line == remark.line)
                    .values(is_refusal=joined.is_refusal, message=joined.message)
                    .execution_options(synchronize_session=False)
                )


def forget_remarks(import_id: int) -> None:
    """Drop all remarks of an import."""
    db.session.execute(
        delete(ImportRemark).where(ImportRemark.import_id == import_id).execution_options(synchronize_session=False)
    )

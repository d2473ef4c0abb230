"""What there is to say about single lines of a file, as rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import delete, insert

from webapp.storage.db import db
from webapp.transfers.models import ImportRemark
from webapp.transfers.rules.judging import LineRemark


def write_remarks(import_id: int, remarks: Sequence[LineRemark]) -> None:
    """Add remarks to those of an import."""
    for start in range(0, len(remarks), 1000):
        chunk = remarks[start : start + 1000]
        db.session.execute(insert(ImportRemark), [{"import_id": import_id, **asdict(remark)} for remark in chunk])


def forget_remarks(import_id: int) -> None:
    """Drop all remarks of an import."""
    db.session.execute(
        delete(ImportRemark).where(ImportRemark.import_id == import_id).execution_options(synchronize_session=False)
    )

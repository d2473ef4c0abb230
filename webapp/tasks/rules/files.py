"""
Which files may belong to a task, and what they are called. Pure.

What a file is, its first bytes say: neither its name nor whoever sends it is believed. Kinds that a browser could run
(web pages, drawings with script, programs) are not kept at all.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from webapp.errors import InvalidInput
from webapp.values.size import format_size

MOST_FILE_BYTES = 5 * 1024 * 1024
MOST_TASK_BYTES = 25 * 1024 * 1024
MOST_FILES = 50
LONGEST_FILENAME = 150

TEXT = "text/plain; charset=utf-8"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."


@dataclass(frozen=True)
class Kind:
    """A kind of file: what it is served as, and with which bytes it begins (none: it is text)."""

    media_type: str
    beginnings: tuple[bytes, ...] = ()


_KINDS = {
    "pdf": Kind("application/pdf", (b"%PDF-",)),
    "png": Kind("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "jpg": Kind("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": Kind("image/jpeg", (b"\xff\xd8\xff",)),
    "gif": Kind("image/gif", (b"GIF87a", b"GIF89a")),
    "webp": Kind("image/webp", (b"RIFF",)),
    "docx": Kind(f"{_OFFICE}wordprocessingml.document", _ZIP),
    "xlsx": Kind(f"{_OFFICE}spreadsheetml.sheet", _ZIP),
    "pptx": Kind(f"{_OFFICE}presentationml.presentation", _ZIP),
    "odt": Kind(f"{_OPEN}text", _ZIP),
    "ods": Kind(f"{_OPEN}spreadsheet", _ZIP),
    "odp": Kind(f"{_OPEN}presentation", _ZIP),
    "zip": Kind("application/zip", _ZIP),
    "gz": Kind("application/gzip", (b"\x1f\x8b",)),
    "mp3": Kind("audio/mpeg", (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")),
    "txt": Kind(TEXT),
    "md": Kind(TEXT),
    "log": Kind(TEXT),
    "csv": Kind("text/csv; charset=utf-8"),
    "tsv": Kind("text/tab-separated-values; charset=utf-8"),
    "json": Kind("application/json"),
    "ics": Kind("text/calendar; charset=utf-8"),
}
ENDINGS = tuple(f".{ending}" for ending in _KINDS)

# Blanks, what steers the terminal or the direction of words, and what some system reads as part of a path.
_NOT_IN_NAMES = re.compile(
    r'[\x00-\x1f\x7f-\x9f\ud800-\udfff\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"*:<>?\\|/;%]'
)


def clean_filename(name: str) -> str:
    """
    Return what a file is called, without the folders, the tricks and the length that somebody may have given it.

    The ending stays when the rest is cut. What has no name left is called `file`.
    """
    name = re.split(r"[/\\]", name)[-1]
    name = unicodedata.normalize("NFC", name if len(name) <= 1_000 else name[:500] + name[-500:])
    name = " ".join(_NOT_IN_NAMES.sub("_", name).split()).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if not dot:
        return name[:LONGEST_FILENAME] or "file"
    ending = ending[:20]
    return f"{stem[: LONGEST_FILENAME - len(ending) - 1].rstrip(' .') or 'file'}.{ending}"


def media_type_of(name: str, content: bytes) -> str:
    """
    Return what a file is to be served as, by its ending and its bytes, which must agree.

    :param name: as `clean_filename` returns it
    :raises InvalidInput: naming the field `file`, for what is not kept
    """
    if not content:
        raise InvalidInput("This file is empty.", field="file")
    if len(content) > MOST_FILE_BYTES:
        raise InvalidInput(f"A file has at most {format_size(MOST_FILE_BYTES)}; this one is larger.", field="file")
    ending = name.rpartition(".")[2].lower()
    kind = _KINDS.get(ending) if "." in name else None
    if kind is None:
        raise InvalidInput(
            "Files of this kind are not kept. Documents, tables, pictures, text and archives are: "
            f"{', '.join(sorted(_KINDS))}. Others fit in a zip.",
            field="file",
        )
    if not _is(kind, ending, content):
        raise InvalidInput(f"The name ends in .{ending}, and the file holds something else.", field="file")
    return kind.media_type


def check_room(*, size_bytes: int, used_bytes: int, files: int) -> None:
    """
    Refuse a file for which its task has no room.

    :raises InvalidInput: naming the field `file`
    """
    if files >= MOST_FILES:
        raise InvalidInput(f"A task has at most {MOST_FILES} files. Delete one first.", field="file")
    if used_bytes + size_bytes > MOST_TASK_BYTES:
        raise InvalidInput(
            f"The files of a task have at most {format_size(MOST_TASK_BYTES)} together; "
            f"{format_size(MOST_TASK_BYTES - used_bytes)} are left.",
            field="file",
        )


def _is(kind: Kind, ending: str, content: bytes) -> bool:
    if kind.beginnings:
        return content.startswith(kind.beginnings) and (ending != "webp" or content[8:12] == b"WEBP")
    if b"\0" in content:
        return False
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Older programs write letters of one byte each; served as text they harm nobody.
        return not any(byte < 9 for byte in content[:4096])
    return True

"""The text of a file as it is kept: compressed, and read again a piece at a time."""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from webapp.errors import InvalidInput
from webapp.transfers.rules.reading import TextSource

# Compressed, as it is kept: a database packet holds no more.
MOST_KEPT_BYTES = 12 * 1024 * 1024
# What is longer is not looked over while somebody waits for the page.
LARGE_BYTES = 1024 * 1024
LARGE_LINES = 2_000
_PIECE_BYTES = 64 * 1024


@dataclass(frozen=True)
class Packed:
    """A text as it is kept; `text_bytes` and `lines` are of the text itself."""

    content: bytes
    digest: str
    text_bytes: int
    lines: int

    @property
    def is_large(self) -> bool:
        """Whether looking it over takes longer than a page should."""
        return self.text_bytes > LARGE_BYTES or self.lines > LARGE_LINES


def pack(texts: Iterable[str]) -> Packed:
    """
    Compress a text that comes in pieces.

    :raises InvalidInput: when it is too large all the same
    """
    packer = zlib.compressobj(level=6)
    digest = hashlib.sha256()
    content = bytearray()
    text_bytes = lines = 0
    for text in texts:
        piece = text.encode()
        digest.update(piece)
        text_bytes += len(piece)
        lines += piece.count(b"\n")
        content += packer.compress(piece)
        if len(content) > MOST_KEPT_BYTES:
            break
    content += packer.flush()
    if len(content) > MOST_KEPT_BYTES:
        raise InvalidInput("This file is too large to be kept. Send it in parts.", field="file")
    return Packed(bytes(content), digest.hexdigest(), text_bytes, lines)


def unpacked(content: bytes, *, on_read: Callable[[float], None] | None = None) -> TextSource:
    """
    Return the text that `pack` has compressed.

    :param on_read: is told how far it has been read, from 0 to 1
    """
    return TextSource(
        lambda: io.TextIOWrapper(
            io.BufferedReader(_Inflated(content, on_read), _PIECE_BYTES), encoding="utf-8", newline=""
        )
    )


class _Inflated(io.RawIOBase):
    """The bytes of a text, of which never more than a piece is held."""

    def __init__(self, content: bytes, on_read: Callable[[float], None] | None) -> None:
        self.content = memoryview(content)
        self.on_read = on_read
        self.at = 0
        self.inflater = zlib.decompressobj()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self.inflater.eof:
            packed = self.inflater.unconsumed_tail
            if not packed:
                packed = bytes(self.content[self.at : self.at + _PIECE_BYTES])
                self.at += len(packed)
                if self.on_read:
                    self.on_read(self.at / len(self.content))
            piece = self.inflater.decompress(packed, len(buffer))
            if piece:
                buffer[: len(piece)] = piece
                return len(piece)
        return 0

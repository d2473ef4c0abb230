"""How large a file is, as people read it."""

from __future__ import annotations


def format_size(size_bytes: int) -> str:
    """Write a number of bytes: `1 byte`, `12 kB`, `3.4 MB`."""
    if size_bytes < 1000:
        return f"{size_bytes} bytes" if size_bytes != 1 else "1 byte"
    if size_bytes < 1000 * 1024:
        return f"{max(1, round(size_bytes / 1024))} kB"
    return f"{size_bytes / 1024 / 1024:.1f} MB".replace(".0 ", " ")

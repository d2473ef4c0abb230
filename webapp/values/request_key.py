"""The mark that makes a form happen once, however often it is sent."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RequestKey:
    """
    One showing of a form.

    `key` is 128 random bits in hexadecimal, made when the form was shown. `fingerprint` is the SHA-256 of what was
    sent, in hexadecimal: the same key with other contents is another intention and is refused.
    """

    key: str
    fingerprint: str

"""Passwords as they are kept: argon2id. Knows no table and no request."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from webapp.values.text import compatible

# OWASP's first recommendation: 19 MiB, two passes, one lane; about 40 ms.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_password(password: str) -> str:
    """Return the hash to keep; it names its own parameters and salt."""
    return _hasher.hash(_bytes(password))


def is_password(password: str, *, kept_hash: str | None) -> bool:
    """
    Tell whether this is the password behind the hash.

    Without a hash (nobody has that address) the answer is False at the same cost, so that the time taken tells nothing.
    """
    try:
        _hasher.verify(kept_hash or _decoy(), _bytes(password))
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False
    return bool(kept_hash)


def needs_rehash(kept_hash: str) -> bool:
    """Tell whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(kept_hash)


@cache
def _decoy() -> str:
    return hash_password("nobody has this password")


def _bytes(password: str) -> bytes:
    # The same word typed on two keyboards can be two strings; half a surrogate must not be a crash.
    return compatible(password).encode("utf-8", "surrogatepass")

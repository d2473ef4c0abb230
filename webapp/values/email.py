"""E-mail addresses: the one spelling of each."""

from __future__ import annotations

import unicodedata

from email_validator import EmailNotValidError, validate_email

LONGEST_EMAIL = 254


def email_key(text: str) -> str:
    """
    Return an address in the spelling that all others of it share: lower case, NFC, a domain as it is looked up.

    :raises ValueError: when it is no address
    """
    typed = text.strip()
    if len(typed) > LONGEST_EMAIL:
        raise ValueError("This is too long for an address.")
    try:
        # No DNS: whether mail arrives is found out by sending it, and a dead resolver must not stop a registration.
        checked = validate_email(typed, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValueError("This is no address.") from error
    return unicodedata.normalize("NFC", checked.normalized).lower()

"""What a customer's record holds. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CustomerDetails:
    """What a person says about a customer; only the name is needed."""

    name: str
    email: str = ""
    phone: str = ""
    company: str = ""
    notes: str = ""

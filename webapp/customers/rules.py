"""What a customer's record holds. Pure."""

from __future__ import annotations

from dataclasses import dataclass

# One letter may become eighteen when it is compared. What lies beyond this decides no order that anybody sees.
LONGEST_NAME_KEY = 480


@dataclass(frozen=True)
class CustomerDetails:
    """What a person says about a customer; only the name is needed."""

    name: str
    email: str = ""
    phone: str = ""
    company: str = ""
    notes: str = ""

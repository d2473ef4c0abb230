"""What a customer's record holds. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from webapp.errors import InvalidInput
from webapp.values.money import CENT, currencies

# One letter may become eighteen when it is compared. What lies beyond this decides no order that anybody sees.
LONGEST_NAME_KEY = 480
HIGHEST_RATE = Decimal("1000000.00")


@dataclass(frozen=True)
class CustomerDetails:
    """
    What a person says about a customer; only the name is needed.

    :param hourly_rate: in `currency`, an ISO 4217 code; with two places
    """

    name: str
    email: str = ""
    phone: str = ""
    company: str = ""
    notes: str = ""
    hourly_rate: Decimal | None = None
    currency: str | None = None


def checked(details: CustomerDetails) -> CustomerDetails:
    """
    Return details whose rate and currency can be kept.

    :raises InvalidInput: naming the field that needs another look
    """
    if details.currency is not None and details.currency not in currencies():
        raise InvalidInput(
            f"“{details.currency[:10]}” is no currency in use. Choose one from the list.", field="currency"
        )
    if details.hourly_rate is None:
        return details
    check_rate(details.hourly_rate)
    if details.currency is None:
        raise InvalidInput("Choose the currency of the rate as well.", field="currency")
    return details


def check_rate(rate: Decimal) -> None:
    """Refuse what is no hourly rate. :raises InvalidInput: with a sentence"""
    if not 0 <= rate <= HIGHEST_RATE:
        raise InvalidInput(f"An hourly rate lies between 0 and {HIGHEST_RATE:,.0f}.", field="hourly_rate")
    if rate != rate.quantize(CENT):
        raise InvalidInput("An hourly rate has at most two digits after the point.", field="hourly_rate")


def read_rate(typed: str) -> Decimal:
    """
    Read an hourly rate as a person writes it: `80`, `80.50`, `80,50`.

    :raises InvalidInput: with a sentence
    """
    text = typed.strip()
    # A comma is the point where two digits follow it; what could mean thousands is asked about.
    if text.count(",") == 1 and "." not in text and len(text.partition(",")[2]) <= 2:
        text = text.replace(",", ".")
    try:
        rate = Decimal(text) if text.isascii() and len(text) <= 20 and "_" not in text else Decimal("NaN")
    except InvalidOperation:
        rate = Decimal("NaN")
    if not rate.is_finite() or "e" in text.lower():
        raise InvalidInput("Write the rate as a number, like 80 or 80.50.", field="hourly_rate")
    check_rate(rate)
    return rate.quantize(CENT) + 0

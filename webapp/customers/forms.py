"""What people type about customers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from webapp.customers.models import Customer
from webapp.customers.rules import CustomerDetails, read_rate
from webapp.errors import InvalidInput
from webapp.values.money import currencies
from webapp.web.fields import (
    ChoiceField,
    EmailField,
    LineField,
    RecordForm,
    TextField,
    TypedField,
    read_day,
    read_search,
)


class RateField(TypedField):
    """What an hour costs: a decimal with two places at most."""

    def read(self, typed: str) -> Decimal:
        """Read a rate."""
        try:
            return read_rate(typed)
        except InvalidInput as refusal:
            raise ValueError(refusal.message) from None

    def write(self, value: Decimal) -> str:
        """Write a rate."""
        return f"{value:.2f}"


class CustomerForm(RecordForm):
    """A customer's record."""

    name = LineField("Name", longest=160, required="Enter a name.")
    company = LineField("Company", longest=160)
    email = EmailField("E-mail")
    phone = LineField("Phone", longest=40)
    hourly_rate = RateField("Hourly rate")
    currency = ChoiceField(
        "Currency", choices=[("", "None"), *((code, f"{code}, {name}") for code, name in currencies().items())]
    )
    notes = TextField("Notes", longest=10_000)

    @classmethod
    def of(cls, customer: Customer) -> CustomerForm:
        """Return the form filled in with what is known of a customer."""
        return cls(obj=customer, currency=customer.currency or "")

    def details(self) -> CustomerDetails:
        """Return what was typed."""
        return CustomerDetails(
            name=self.name.data,
            email=self.email.data,
            phone=self.phone.data,
            company=self.company.data,
            notes=self.notes.data,
            hourly_rate=self.hourly_rate.data,
            currency=self.currency.data or None,
        )


@dataclass(frozen=True)
class CustomerFilters:
    """What a list of customers is narrowed by."""

    words: str = ""
    created_from: date | None = None
    created_to: date | None = None
    has_archived: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Whether any of them holds customers back."""
        return bool(self.words or self.created_from or self.created_to)

    def address(self) -> dict[str, str]:
        """Return the parameters that ask for the same again."""
        values = {
            "q": self.words,
            "created_from": self.created_from and self.created_from.isoformat(),
            "created_to": self.created_to and self.created_to.isoformat(),
            "archived": "1" if self.has_archived else "",
        }
        return {name: value for name, value in values.items() if value}


def read_filters(address: Mapping[str, str]) -> CustomerFilters:
    """
    Read the parameters of a list's address.

    :raises InvalidInput: for one that cannot be, naming it
    """
    first, last = _read_day(address, "created_from"), _read_day(address, "created_to")
    if first is not None and last is not None and last < first:
        raise InvalidInput("The last day is before the first.", field="created_to")
    archived = address.get("archived", "")
    if archived not in ("", "0", "1"):
        raise InvalidInput(f"“{archived[:40]}” is not known as archived. Use 1 to show them too.", field="archived")
    return CustomerFilters(read_search(address.get("q", "")), first, last, archived == "1")


def _read_day(address: Mapping[str, str], name: str) -> date | None:
    typed = address.get(name, "").strip()
    try:
        return read_day(typed) if typed else None
    except ValueError as error:
        raise InvalidInput(str(error), field=name) from None

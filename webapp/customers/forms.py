"""What people type about customers."""

from __future__ import annotations

from webapp.customers.models import Customer
from webapp.customers.rules import CustomerDetails
from webapp.errors import InvalidInput
from webapp.values.text import clean_line
from webapp.web.fields import EmailField, LineField, RecordForm, TextField

LONGEST_SEARCH = 200


class CustomerForm(RecordForm):
    """A customer's record."""

    name = LineField("Name", longest=160, required="Enter a name.")
    company = LineField("Company", longest=160)
    email = EmailField("E-mail")
    phone = LineField("Phone", longest=40)
    notes = TextField("Notes", longest=10_000)

    @classmethod
    def of(cls, customer: Customer) -> CustomerForm:
        """Return the form filled in with what is known of a customer."""
        return cls(obj=customer)

    def details(self) -> CustomerDetails:
        """Return what was typed."""
        return CustomerDetails(
            name=self.name.data,
            email=self.email.data,
            phone=self.phone.data,
            company=self.company.data,
            notes=self.notes.data,
        )


def read_search(typed: str) -> str:
    """
    Return the words to look for.

    :raises InvalidInput: when they hold what no customer does, or are too many
    """
    try:
        words = clean_line(typed)
    except ValueError as error:
        raise InvalidInput(str(error), field="q") from None
    if len(words) > LONGEST_SEARCH:
        raise InvalidInput(f"Search for at most {LONGEST_SEARCH} characters at once.", field="q")
    return words

"""What people type about customers."""

from __future__ import annotations

from wtforms import HiddenField

from webapp.customers.models import Customer
from webapp.customers.rules import CustomerDetails
from webapp.web.fields import EmailField, Form, LineField, TextField

LONGEST_SEARCH = 200


class CustomerForm(Form):
    """A customer's record."""

    name = LineField("Name", longest=160, required="Enter a name.")
    company = LineField("Company", longest=160)
    email = EmailField("E-mail")
    phone = LineField("Phone", longest=40)
    notes = TextField("Notes", longest=10_000)
    version = HiddenField(default="1")

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

    def version_number(self) -> int:
        """Return the version that the person had before them; 0, which none has, when that is not a number."""
        typed = self.version.data or ""
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0

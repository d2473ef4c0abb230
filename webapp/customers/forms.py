"""What people type about customers."""

from __future__ import annotations

from webapp.customers.models import Customer
from webapp.customers.rules import CustomerDetails
from webapp.web.fields import EmailField, LineField, RecordForm, TextField


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

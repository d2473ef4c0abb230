"""What is said of a list that is kept by name."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from wtforms import BooleanField, HiddenField

from webapp.tasks.requests import read_criteria, write_address
from webapp.tasks.rules.tasks import LONGEST_NAME
from webapp.web.fields import Form, LineField


class _AddressForm(Form):
    address = HiddenField()

    def read_address(self, *, now: datetime) -> str:
        """
        Return the list's parameters, those that mean something.

        :raises InvalidInput: for a value that is none
        """
        sent = dict(parse_qsl(str(self.address.data or "").lstrip("?"), max_num_fields=50))
        return urlencode(write_address(read_criteria(sent, now=now)))


class ViewForm(_AddressForm):
    """Its name, and who begins with it or sees it."""

    name = LineField("Name", longest=LONGEST_NAME, required="Give the view a name.")
    is_shared = BooleanField("Show it to everybody in the workspace")
    is_default = BooleanField("Begin with it when I open Tasks")


class UpdateForm(_AddressForm):
    """What it shows from now on, chosen when it had this version."""

    version = HiddenField()

    def read_version(self) -> int:
        """Return the version; 0, which none has, for what is none."""
        typed = str(self.version.data or "")
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0

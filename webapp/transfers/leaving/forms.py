"""The shape of what a person sends to end their account."""

from __future__ import annotations

from wtforms.validators import InputRequired

from webapp.web.fields import Form, SecretField


class LeaveForm(Form):
    """The password, so that nobody else ends an account."""

    password = SecretField("Your password", validators=[InputRequired("Write your password to confirm.")])

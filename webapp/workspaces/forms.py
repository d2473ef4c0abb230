"""The shape of what people send to register."""

from __future__ import annotations

from wtforms import HiddenField
from wtforms.validators import InputRequired

from webapp.accounts.rules import LONGEST_EMAIL, LONGEST_NAME
from webapp.web.fields import Form, LineField, SecretField


class RegisterForm(Form):
    """A new account. The browser fills in its time zone."""

    name = LineField("Name", longest=LONGEST_NAME, required="Write the name you want to be called.")
    email = LineField("E-mail", longest=LONGEST_EMAIL, required="Write your e-mail address.")
    password = SecretField("Password", validators=[InputRequired("Write the password you want.")])
    timezone = HiddenField(render_kw={"data-behaviour": "timezone"})

"""The shape of what people send to log in and to change their account."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField
from wtforms.validators import InputRequired

from webapp.accounts import rules
from webapp.accounts.models import User
from webapp.accounts.operations import Habits, Settings, TimeHabits
from webapp.accounts.rules import LONGEST_EMAIL, LONGEST_NAME, THEMES, WEEK_STARTS
from webapp.web.access import Viewer
from webapp.web.fields import ChoiceField, Form, LineField, MinutesField, SecretField, TimeOfDayField, WeekdaysField
from webapp.web.formats import DATE_FORMATS, NUMBER_FORMATS, WEEKDAYS

_THEME_LABELS = {"auto": "As the device", "light": "Light", "dark": "Dark"}


class LoginForm(Form):
    """E-mail and password. `held` carries a form that was sent while signed out (web/resume.py)."""

    email = LineField("E-mail", longest=LONGEST_EMAIL, required="Write your e-mail address.")
    password = SecretField("Password", validators=[InputRequired("Write your password.")])
    remember = BooleanField("Stay logged in for 30 days")
    next = HiddenField()
    held = HiddenField()


class ForgottenForm(Form):
    """Where to send the link that sets a new password."""

    email = LineField("E-mail", longest=LONGEST_EMAIL, required="Write the e-mail address you log in with.")


class ResetForm(Form):
    """A new password, by a mailed link."""

    password = SecretField("New password", validators=[InputRequired("Write the password you want.")])


class SettingsForm(Form):
    """How a person is called and shown things."""

    name = LineField("Name", longest=LONGEST_NAME, required="Write the name you want to be called.")
    timezone = LineField("Time zone", longest=64, required="Choose a time zone from the list.")
    week_start = ChoiceField("First day of the week", choices=[(str(day), WEEKDAYS[day]) for day in WEEK_STARTS])
    number_format = ChoiceField("Numbers", choices=[(name, name) for name in NUMBER_FORMATS])
    date_format = ChoiceField("Dates", choices=[(name, name) for name in DATE_FORMATS])
    day_end = TimeOfDayField("My day ends at")
    theme = ChoiceField("Look", choices=[(theme, _THEME_LABELS[theme]) for theme in THEMES])

    @classmethod
    def of(cls, viewer: Viewer) -> SettingsForm:
        """Return the form that has not been sent yet, with what a person has chosen so far."""
        return cls(
            formdata=None,
            data={
                "name": viewer.name,
                "timezone": viewer.zone.key,
                "week_start": str(viewer.week_start),
                "day_end": viewer.day_end,
                "number_format": viewer.number_format,
                "date_format": viewer.date_format,
                "theme": viewer.theme,
            },
        )

    def settings(self) -> Settings:
        """Return what was chosen."""
        return Settings(
            name=self.name.data or "",
            timezone=self.timezone.data or "",
            week_start=int(self.week_start.data),
            number_format=self.number_format.data,
            date_format=self.date_format.data,
            theme=self.theme.data,
            day_end=self.day_end.data,
        )


class HabitsForm(Form):
    """When a person wants to be reminded."""

    morning = TimeOfDayField("My morning begins at", required="Say when your morning begins, such as 09:00.")
    digest_time = TimeOfDayField("Daily digest at")
    quiet_from = TimeOfDayField("Quiet hours from")
    quiet_until = TimeOfDayField("Quiet hours until")
    wants_mail = BooleanField("Send reminders and the digest by mail, too")

    @classmethod
    def of(cls, user: User) -> HabitsForm:
        """Return the form that has not been sent yet, with what a person has chosen so far."""
        return cls(formdata=None, obj=user)

    def habits(self) -> Habits:
        """Return what was chosen."""
        return Habits(
            morning=self.morning.data,
            quiet_from=self.quiet_from.data,
            quiet_until=self.quiet_until.data,
            digest_time=self.digest_time.data,
            wants_mail=self.wants_mail.data,
        )


class TimeForm(Form):
    """What a person wants of timers, how much they mean to work, and when."""

    forgotten_after = MinutesField(
        "A timer is forgotten after",
        least=rules.SHORTEST_FORGOTTEN_MINUTES,
        most=rules.LONGEST_FORGOTTEN_MINUTES,
    )
    idle_after = MinutesField(
        "Ask when I was away for", least=rules.SHORTEST_IDLE_MINUTES, most=rules.LONGEST_IDLE_MINUTES
    )
    goal_day = MinutesField("Goal for a day", least=1, most=rules.LONGEST_DAY_GOAL_MINUTES)
    goal_week = MinutesField("Goal for a week", least=1, most=rules.LONGEST_WEEK_GOAL_MINUTES)
    work_from = TimeOfDayField("I work from")
    work_until = TimeOfDayField("I work until")
    work_days = WeekdaysField("I work on")
    wants_nudge = BooleanField("Remind me when no timer runs in working hours")

    @classmethod
    def of(cls, user: User) -> TimeForm:
        """Return the form that has not been sent yet, with what a person has chosen so far."""
        return cls(
            formdata=None,
            data={
                "forgotten_after": user.forgotten_after_minutes,
                "idle_after": user.idle_after_minutes,
                "goal_day": user.goal_day_minutes,
                "goal_week": user.goal_week_minutes,
                "work_from": user.work_from,
                "work_until": user.work_until,
                "work_days": [str(day) for day in sorted(rules.bits_to_days(user.work_days))],
                "wants_nudge": user.wants_nudge,
            },
        )

    def habits(self) -> TimeHabits:
        """Return what was chosen."""
        return TimeHabits(
            forgotten_after_minutes=self.forgotten_after.data,
            idle_after_minutes=self.idle_after.data,
            goal_day_minutes=self.goal_day.data,
            goal_week_minutes=self.goal_week.data,
            work_from=self.work_from.data,
            work_until=self.work_until.data,
            work_days=frozenset(int(day) for day in self.work_days.data or ()),
            wants_nudge=self.wants_nudge.data,
        )


class EmailForm(Form):
    """Another address to log in with."""

    email = LineField("New e-mail", longest=LONGEST_EMAIL, required="Write the new address.", id="new-email")
    password = SecretField(
        "Your password",
        validators=[InputRequired("Write your password, so that we know it is you.")],
        id="email-password",
    )


class PasswordForm(Form):
    """Another password."""

    current_password = SecretField("Current password", validators=[InputRequired("Write your current password.")])
    password = SecretField(
        "New password", validators=[InputRequired("Write the password you want.")], id="new-password"
    )

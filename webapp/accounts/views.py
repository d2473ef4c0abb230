"""Pages about logging in and about one's own account."""

from __future__ import annotations

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from webapp.accounts import operations, queries, rules
from webapp.accounts.errors import DeadResetLink
from webapp.accounts.forms import (
    EmailForm,
    ForgottenForm,
    HabitsForm,
    LoginForm,
    PasswordForm,
    ResetForm,
    SettingsForm,
    TimeForm,
)
from webapp.web import access, clock, resume
from webapp.web.access import current_actor, current_viewer, public
from webapp.web.answers import own_address, say, see_other
from webapp.web.limits import few_failures, few_mails

bp = Blueprint("accounts", __name__)

RESET_COOKIE_NAME = "devtrackr_reset"


@bp.get("/login")
@public
def login() -> ResponseReturnValue:
    """Show the login form; whoever is signed in goes on to where they wanted to be."""
    to = own_address(request.args.get("next"))
    if access.find_viewer():
        return redirect(to or url_for("today.index"), 303)
    return _login_page(LoginForm(data={"next": to}))


@bp.post("/login")
@public
@few_failures
def log_in() -> ResponseReturnValue:
    """Log in, and go on to where one wanted to be or to the form that was not taken."""
    form = LoginForm()
    if form.validate():
        with form.refusals():
            key = operations.log_in(
                email=form.email.data or "",
                password=form.password.data or "",
                is_remembered=form.remember.data,
                user_agent=request.user_agent.string,
                earlier_key=access.login_key(),
                now=clock.now(),
            )
            access.renew_form_session()
            held = resume.unpack(form.held.data)
            response: Response = (
                make_response(resume.send_again_page(held, has_logged_in=True))
                if held
                else redirect(own_address(form.next.data) or url_for("today.index"), 303)
            )
            return _with_session(response, key=key, is_remembered=form.remember.data)
    return _login_page(form), 422


@bp.post("/logout")
@public
def log_out() -> ResponseReturnValue:
    """End the session of this browser."""
    if key := access.login_key():
        operations.log_out(session_key=key)
    return _signed_out("You are logged out.")


@bp.get("/login/forgotten")
@public
def forgotten() -> ResponseReturnValue:
    """Ask where to send a link that sets a new password."""
    return _forgotten_page(ForgottenForm())


@bp.post("/login/forgotten")
@public
@few_mails
def mail_reset_link() -> ResponseReturnValue:
    """Send the link, if there is anybody to send it to; the answer is the same."""
    form = ForgottenForm()
    if not current_app.config["MAIL_URL"] or not form.validate():
        return _forgotten_page(form), 422
    operations.mail_reset_link(email=form.email.data or "", link_for=reset_link, now=clock.now())
    say(
        "If there is an account with that address, a link is on its way to it. It works once, for an hour.", kind="info"
    )
    return see_other("accounts.login")


@bp.get("/login/reset")
@public
def reset() -> ResponseReturnValue:
    """Ask for a new password. The key moves from the address into a cookie, out of histories and of what others see."""
    key = request.args.get("key")
    if key is not None:
        response = see_other("accounts.reset")
        response.set_cookie(
            RESET_COOKIE_NAME,
            # What is no key of ours could be nothing that a header can hold; without one the next page says so.
            key if rules.is_key(key) else "",
            max_age=int(rules.RESET_LINK_LASTS.total_seconds()),
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
            path=url_for("accounts.reset"),
        )
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
    try:
        queries.get_user_of_reset(key=_reset_key(), now=clock.now())
    except DeadResetLink:
        return render_template("accounts/dead_link.html"), 404
    return render_template("accounts/reset.html", form=ResetForm())


@bp.post("/login/reset")
@public
@few_failures
def save_reset() -> ResponseReturnValue:
    """Set the new password."""
    form = ResetForm()
    if form.validate():
        with form.refusals():
            try:
                operations.reset_password(key=_reset_key(), password=form.password.data or "", now=clock.now())
            except DeadResetLink:
                return render_template("accounts/dead_link.html"), 404
            say("The new password is set. Log in with it.")
            response = see_other("accounts.login")
            response.delete_cookie(RESET_COOKIE_NAME, path=url_for("accounts.reset"))
            return response
    return render_template("accounts/reset.html", form=form), 422


@bp.get("/account")
def show() -> ResponseReturnValue:
    """Show everything about one's own account."""
    return _account_page()


@bp.post("/account")
def save() -> ResponseReturnValue:
    """Save how one is called and shown things."""
    form = SettingsForm()
    if form.validate():
        with form.refusals():
            operations.save_settings(settings=form.settings(), actor=current_actor(), now=clock.now())
            say("Settings saved.")
            return see_other("accounts.show")
    return _account_page(settings=form), 422


@bp.post("/account/reminders")
def save_habits() -> ResponseReturnValue:
    """Save when one is reminded."""
    form = HabitsForm()
    if form.validate():
        with form.refusals():
            operations.save_habits(habits=form.habits(), actor=current_actor(), now=clock.now())
            say("Reminders saved.")
            return see_other("accounts.show")
    return _account_page(habits=form), 422


@bp.post("/account/time")
def save_time_habits() -> ResponseReturnValue:
    """Save what one wants of timers, one's goals and working hours."""
    form = TimeForm()
    if form.validate():
        with form.refusals():
            operations.save_time_habits(habits=form.habits(), actor=current_actor(), now=clock.now())
            say("Saved.")
            return see_other("accounts.show")
    return _account_page(time=form), 422


@bp.post("/account/email")
@few_failures
def change_email() -> ResponseReturnValue:
    """Log in with another address from now on."""
    form = EmailForm()
    if form.validate():
        with form.refusals():
            operations.change_email(
                email=form.email.data or "", password=form.password.data or "", actor=current_actor()
            )
            say("From now on you log in with the new address.")
            return see_other("accounts.show")
    return _account_page(email=form), 422


@bp.post("/account/password")
@few_failures
def change_password() -> ResponseReturnValue:
    """Set another password; all other browsers are signed out."""
    form = PasswordForm()
    if form.validate():
        with form.refusals():
            is_remembered = current_viewer().is_remembered
            key = operations.change_password(
                current=form.current_password.data or "",
                new=form.password.data or "",
                is_remembered=is_remembered,
                user_agent=request.user_agent.string,
                actor=current_actor(),
                now=clock.now(),
            )
            access.renew_form_session()
            say("Password changed. Every other browser is logged out.")
            return _with_session(see_other("accounts.show"), key=key, is_remembered=is_remembered)
    return _account_page(password=form), 422


@bp.post("/account/sessions/<int:session_id>/end")
def end_session(session_id: int) -> ResponseReturnValue:
    """Sign one browser out."""
    is_this_one = session_id == current_viewer().session_id
    operations.end_session(session_id=session_id, actor=current_actor())
    if is_this_one:
        return _signed_out("You are logged out.")
    say("That browser is logged out.")
    return see_other("accounts.show")


@bp.post("/account/sessions/end")
def log_out_everywhere() -> ResponseReturnValue:
    """Sign every browser out, this one too."""
    operations.log_out_everywhere(user_id=current_viewer().user_id)
    return _signed_out("You are logged out everywhere.")


def ask_to_log_in() -> ResponseReturnValue:
    """Answer a request that needs a login: the login page, which keeps what was typed or leads back to here."""
    held = resume.held_form()
    if held is None and "HX-Request" in request.headers:
        # A small request of a page: the whole page has to go, or the login would appear in a corner of it.
        # Not parsed: what a stranger calls an address need not be one.
        _scheme, _mark, here = request.headers.get("HX-Current-URL", "").partition("://")
        path = here.partition("#")[0].partition("/")[2]
        to = own_address(f"/{path}") if path else None
        return "", 401, {"HX-Redirect": url_for("accounts.login", next=to)}
    if held is None:
        to = request.full_path.rstrip("?") if request.method == "GET" else None
        return see_other("accounts.login", next=to)
    page = make_response(_login_page(LoginForm(formdata=None, data={"held": resume.pack(held)}), held=held), 401)
    # Also when htmx asked for a part of the page only.
    page.headers["HX-Retarget"] = "body"
    page.headers["HX-Reswap"] = "outerHTML"
    return page


def reset_link(key: str) -> str:
    """Return the full address of the page that sets a new password."""
    return f"{current_app.config['PUBLIC_URL']}{url_for('accounts.reset', key=key)}"


def _login_page(form: LoginForm, held: resume.HeldForm | None = None) -> str:
    held = held or resume.unpack(form.held.data)
    return render_template("accounts/login.html", form=form, held=held)


def _forgotten_page(form: ForgottenForm) -> str:
    return render_template("accounts/forgotten.html", form=form, has_mail=bool(current_app.config["MAIL_URL"]))


def _account_page(
    *,
    settings: SettingsForm | None = None,
    habits: HabitsForm | None = None,
    time: TimeForm | None = None,
    email: EmailForm | None = None,
    password: PasswordForm | None = None,
) -> str:
    viewer = current_viewer()
    user = queries.get_user(user_id=viewer.user_id)
    # What was sent belongs to one of the forms: the others show what is saved.
    return render_template(
        "accounts/show.html",
        settings=settings or SettingsForm.of(viewer),
        habits=habits or HabitsForm.of(user),
        time=time or TimeForm.of(user),
        has_mail=bool(current_app.config["MAIL_URL"]),
        email=email or EmailForm(formdata=None),
        password=password or PasswordForm(formdata=None),
        browsers=queries.list_browsers(user_id=viewer.user_id, this_session_id=viewer.session_id, now=clock.now()),
        zones=rules.zone_names(),
    )


def _reset_key() -> str:
    return request.cookies.get(RESET_COOKIE_NAME, "")


def _with_session(response: Response, *, key: str, is_remembered: bool) -> Response:
    lasts = int(rules.REMEMBERED_SESSION_LASTS.total_seconds()) if is_remembered else None
    access.set_login_cookie(response, key=key, lasts_seconds=lasts)
    return response


def _signed_out(words: str) -> Response:
    access.renew_form_session()
    say(words)
    response = see_other("accounts.login")
    access.clear_login_cookie(response)
    return response

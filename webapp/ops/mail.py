"""Sending mail: by SMTP, into a folder, or to the log, as MAIL_URL says."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from urllib.parse import unquote, urlsplit

from webapp.errors import Unavailable

TIMEOUT_SECONDS = 10


def send(*, mail_url: str, sender: str, to: str, subject: str, text: str, message_id: str) -> None:
    """
    Send one mail. The Message-ID is the caller's, so that a mail sent twice is one mail to its reader.

    :param mail_url: `smtp://user:password@host:587` (STARTTLS), `smtps://…:465`, `file:///folder` or `console://`
    :raises Unavailable: when no mail is set up
    :raises OSError: when the mail server does not take it
    """
    parts = urlsplit(mail_url)
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = subject
    message["Message-ID"] = f"<{message_id}@{parts.hostname or 'devtrackr'}>"
    message.set_content(text)
    match parts.scheme:
        case "smtp" | "smtps":
            _send_by_smtp(message, mail_url)
        case "file":
            folder = Path(unquote(parts.path))
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{message_id}.eml").write_bytes(bytes(message))
        case "console":
            print(message.as_string(), flush=True)  # noqa: T201
        case _:
            raise Unavailable("No mail is set up here.")


def _send_by_smtp(message: EmailMessage, mail_url: str) -> None:
    parts = urlsplit(mail_url)
    host, context = parts.hostname or "localhost", ssl.create_default_context()
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT_SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, parts.port or 587, timeout=TIMEOUT_SECONDS)
    with server:
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=context)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)

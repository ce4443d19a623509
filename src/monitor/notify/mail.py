"""One message by SMTP, encrypted, to all mailboxes of a channel."""

from __future__ import annotations

import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from monitor.notify.channels import Mail
from monitor.notify.message import Message


def send_mail(mail: Mail, message: Message, home: Path, moment: datetime) -> None:
    """Hand a message to the mail server.

    Raises:
        UsageError: the password cannot be read.
        OSError, smtplib.SMTPException: the server did not take it.
    """
    password = mail.password(home) if mail.user else ""
    with _connected(mail) as server:
        if mail.security == "starttls":
            server.starttls(context=_trust(mail))
        if mail.user:
            server.login(mail.user, password)
        refused = server.send_message(_letter(mail, message, moment))
        if refused:
            raise smtplib.SMTPRecipientsRefused(refused)


def _connected(mail: Mail) -> smtplib.SMTP:
    if mail.security == "ssl":
        return smtplib.SMTP_SSL(mail.host, mail.port, timeout=mail.timeout_seconds, context=_trust(mail))
    return smtplib.SMTP(mail.host, mail.port, timeout=mail.timeout_seconds)


def _trust(mail: Mail) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=mail.ca_file)


def _letter(mail: Mail, message: Message, moment: datetime) -> EmailMessage:
    letter = EmailMessage()
    letter["Subject"] = message.title
    letter["From"] = mail.sender
    letter["To"] = ", ".join(mail.to)
    letter["Date"] = format_datetime(moment)
    letter["Auto-Submitted"] = "auto-generated"  # no out-of-office replies
    letter.set_content(message.text() + "\n")
    return letter

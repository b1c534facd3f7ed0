"""Sending the letters that wait: each stays until the server took it; what failed is tried again, ever more seldom."""

from __future__ import annotations

import logging
import smtplib
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction

from soildesk.supervision.models import Mail

AT_ONCE = 200
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=10), timedelta(hours=24)
OF_THE_LETTER = (
    smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError, smtplib.SMTPNotSupportedError, ValueError,
)  # fmt: skip
"""What is wrong with one letter or its address; after anything else the server is asked for nothing more this time."""
log = logging.getLogger(__name__)


def send_waiting(*, at: datetime) -> int:
    """Send what may be tried now; returns how many letters went out. Without a mail server they wait."""
    if not settings.EMAIL_HOST:
        return 0
    began, sent = monotonic(), 0
    for _turn in range(AT_ONCE):
        letter = _taken(at, at + timedelta(seconds=monotonic() - began))
        if letter is None or (failed := _failed(letter, at)) is not None and not isinstance(failed, OF_THE_LETTER):
            break
        sent += failed is None
    return sent


def _taken(at: datetime, now: datetime) -> Mail | None:
    """The next letter to be tried: those that failed come after the others, so that one that never goes stops nobody.

    Two workers must not send the same letter: whoever takes it puts off the next try before it is sent.
    """
    with transaction.atomic():
        locked = Mail.objects.select_for_update(skip_locked=True).filter(sent_at=None, next_try_at__lte=at)
        letter = locked.order_by("tries", "queued_at", "id").first()
        if letter is not None:
            letter.next_try_at = now + FIRST_WAIT
            letter.save(update_fields=["next_try_at"])
    return letter


def _failed(letter: Mail, at: datetime) -> Exception | None:
    """Send one letter; what went wrong, None where the server took it."""
    subject = " ".join(letter.subject.split())  # a header has one line
    message = EmailMessage(subject, letter.body, settings.DEFAULT_FROM_EMAIL, [letter.to])
    try:
        message.connection = get_connection()
        message.send()
    except (OSError, smtplib.SMTPException, ValueError) as error:
        letter.tries = min(letter.tries + 1, 1000)
        letter.error = f"{type(error).__name__}: {error}"[:300]
        letter.next_try_at = at + min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(letter.tries, 10))
        letter.save(update_fields=["tries", "error", "next_try_at"])
        log.warning("a letter to %s was not taken (%s); it is tried again", letter.to, letter.error)
        return error
    letter.sent_at, letter.error = at, ""
    letter.save(update_fields=["sent_at", "error"])
    return None

"""Sending the letters that wait: each stays until the server took it; what failed is tried again, ever more seldom."""

from __future__ import annotations

import logging
import smtplib
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction

from soildesk.supervision.models import Mail

AT_ONCE = 200
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=10), timedelta(hours=24)
log = logging.getLogger(__name__)


def send_waiting(*, at: datetime) -> int:
    """Send what may be tried now; returns how many letters went out. Without a mail server they wait."""
    if not settings.EMAIL_HOST:
        return 0
    with transaction.atomic():
        locked = Mail.objects.select_for_update(skip_locked=True)
        waiting = list(locked.filter(sent_at=None, next_try_at__lte=at)[:AT_ONCE])
        # Two workers must not send the same letter: whoever takes it puts off the next try before it is sent.
        Mail.objects.filter(pk__in=[one.pk for one in waiting]).update(next_try_at=at + FIRST_WAIT)
    return sum(_sent(one, at) for one in waiting)


def _sent(letter: Mail, at: datetime) -> bool:
    message = EmailMessage(letter.subject, letter.body, settings.DEFAULT_FROM_EMAIL, [letter.to])
    try:
        message.connection = get_connection()
        message.send()
    except (OSError, smtplib.SMTPException) as error:
        letter.tries += 1
        letter.error = f"{type(error).__name__}: {error}"[:300]
        letter.next_try_at = at + min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(letter.tries, 10))
        letter.save(update_fields=["tries", "error", "next_try_at"])
        log.warning("a letter to %s was not taken (%s); it is tried again", letter.to, letter.error)
        return False
    letter.sent_at, letter.error = at, ""
    letter.save(update_fields=["sent_at", "error"])
    return True

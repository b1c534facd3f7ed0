"""Letters of the desk that did not go out by mail: to which address, how many, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min
from django.utils.translation import gettext as _

from soildesk.core.models import Division
from soildesk.supervision.models import Mail, MailAddress

OF_THE_ADDRESS = ("SMTPRecipientsRefused", "SMTPDataError")


@dataclass(frozen=True, slots=True)
class Trouble:
    """An address at which letters do not arrive."""

    address: str
    waiting: int
    why: str
    said: str
    next_try_at: datetime


def troubles(place: Division) -> list[Trouble]:
    """The addresses of a place whose letters failed at least once and wait to be tried again."""
    ours = MailAddress.objects.filter(department__division__path__startswith=place.path).values("address")
    rows = Mail.objects.filter(sent_at=None, tries__gt=0, to__in=ours).order_by()
    found = rows.values("to").annotate(n=Count("pk"), after=Min("next_try_at")).order_by("to")
    errors = dict(rows.order_by("next_try_at", "id").values_list("to", "error"))
    return [Trouble(one["to"], one["n"], _why(errors[one["to"]]), errors[one["to"]], one["after"]) for one in found]


def _why(error: str) -> str:
    if error.startswith(OF_THE_ADDRESS):
        return _("邮件服务器不接受发给这个地址的邮件：请核对地址，改正后待发的邮件改发新地址。")
    return _("邮件服务器没有接通，或者没有收下：恢复后自动重发。")

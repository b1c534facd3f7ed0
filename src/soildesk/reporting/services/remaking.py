"""A draft made anew from the records as they are now."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor, require
from soildesk.kit.letters import store
from soildesk.reporting.models import ReportCopy
from soildesk.reporting.queries import making
from soildesk.reporting.refusals import ReportRefused
from soildesk.reporting.services import blanks
from soildesk.reporting.services.copies import (
    BROUGHT,
    MAKE,
    State,
    Wanted,
    kind_named,
    locked,
    must_be,
    period_named,
    reading_of,
    told,
)


@transaction.atomic
def remake(copy: ReportCopy, *, by: Actor, at: datetime) -> ReportCopy:
    """A draft from the records as they are now; what is signed stays."""
    copy = locked(copy)
    require(by, MAKE, copy)
    must_be(copy, State.DRAFT)
    if copy.kind == BROUGHT:
        raise ReportRefused(
            _("%(number)s 是自行编制的文件，不能从台账生成：请在报表日历里另登记一份。") % {"number": copy.number},
            code="reporting.copy.kind",
        )
    period = period_named(copy.period)
    wanted = Wanted(copy.kind, copy.place, period, min(period.last, by.today))
    if copy.blank_form is not None:
        snapshot = blanks.filled(copy.blank_form, wanted, by=by)
    else:
        snapshot = making.made(kind_named(copy.kind), reading_of(wanted, by=by))
        copy.template = store.current(f"reporting.{copy.kind}", copy.owner_department)
    copy.on, copy.known_on = min(period.last, by.today), by.today
    copy.snapshot, copy.digest, copy.gaps = snapshot, making.digest_of(snapshot), len(snapshot["gaps"])
    copy.made_at, copy.made_by = at, by.person
    copy.save()
    told("remade", copy, {"sha256": copy.digest, "gaps": copy.gaps}, (by, at))
    return copy

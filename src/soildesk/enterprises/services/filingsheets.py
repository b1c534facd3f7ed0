"""Taking in what came back in a workbook: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from soildesk.core import audit
from soildesk.core.permissions import Actor, NotAllowed
from soildesk.enterprises.filingbook import NEW, SUBJECT, Slot
from soildesk.enterprises.models import EnterpriseVersion, Filing
from soildesk.enterprises.queries import filings as found
from soildesk.enterprises.services import filings
from soildesk.enterprises.services.filings import What


@transaction.atomic
def take(
    firm: EnterpriseVersion, said: Sequence[tuple[Slot, Mapping[str, Any]]], *, by: Actor, at: datetime
) -> list[Filing]:
    """Keep every sheet as a draft; one that cannot be kept takes all back."""
    made = [_kept(firm, slot, values, by, at) for slot, values in said]
    data = {"numbers": [one.number for one in made]}
    audit.record("enterprises.filing.sheet_taken", subject=firm, by=by, at=at, data=data)
    return made


def _kept(firm: EnterpriseVersion, slot: Slot, values: Mapping[str, Any], by: Actor, at: datetime) -> Filing:
    if slot.filing == NEW:
        what = What(slot.kind, slot.year, str(values.get(SUBJECT, "")))
        filing = filings.draft(firm, what, by=by, at=at)
    else:
        filing = found.seen(by).filter(uid=slot.filing, enterprise=firm.enterprise_id).first()
        if filing is None:
            raise NotAllowed("")
    filings.save(filing, values, by=by, at=at)
    return filing

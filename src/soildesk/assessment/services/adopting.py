"""A place puts a scheme into force for a year, with its own weights and targets; another version supersedes the one before."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.assessment.models import SchemeAdoption
from soildesk.assessment.refusals import AssessmentRefused
from soildesk.assessment.services.sources import misused
from soildesk.core import audit
from soildesk.core.permissions import Actor, require
from soildesk.kit.languages import language
from soildesk.land.services.writing import Place
from soilrules.assessment.fit import Unfit, faults_of
from soilrules.assessment.scheme import Scheme
from soilrules.assessment.schemes import as_data, schemes, with_changes

ADOPT = "assessment.adopt"
YEARS = range(2016, 2101)


@dataclass(frozen=True, slots=True)
class Adopting:
    """Which scheme for which year, by what document; `changes` by the id of what differs. `own`: a scheme the office wrote."""

    scheme: str
    year: int
    document: str
    ground: str = ""
    changes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    own: Scheme | None = None


def scheme_named(name: str, own: Mapping[str, Scheme] | None = None) -> Scheme:
    """A shipped scheme or one of `own`; refused with the names there are."""
    every = {**schemes(), **(own or {})}
    found = every.get(name)
    if found is None:
        known = "、".join(f"{one.id}（{one.title}）" for one in every.values())
        raise AssessmentRefused(
            _("没有“%(name)s”这个考核方案，可选：%(known)s。") % {"name": name, "known": known},
            code="assessment.scheme.unknown",
        )
    return found


def _own(scheme: Scheme) -> Scheme:
    """A scheme an office wrote; refused where it does not hold together or would stand for a shipped one."""
    if scheme.id in schemes():
        raise AssessmentRefused(
            _("编号“%(id)s”是随系统提供的方案：本地方案请换一个编号。") % {"id": scheme.id},
            code="assessment.scheme.own",
        )
    if faults := faults_of(scheme):
        raise unfit(Unfit(faults))
    if wrong := list(misused(scheme))[:6]:
        raise AssessmentRefused(
            _("打分办法不成立：%(why)s请核对后再存。") % {"why": "".join(wrong)}, code="assessment.scheme.changes"
        )
    return scheme


@transaction.atomic
def adopt(wanted: Adopting, place: Place, *, by: Actor, at: datetime) -> SchemeAdoption:
    """Put it into force. Assessments that are open keep the version they were opened under."""
    require(by, ADOPT, place.division)
    if wanted.year not in YEARS:
        raise AssessmentRefused(
            _("年度应为 %(first)d 到 %(last)d 之间的四位数字：请核对。") % {"first": YEARS[0], "last": YEARS[-1]},
            code="assessment.scheme.year",
        )
    scheme = scheme_named(wanted.scheme) if wanted.own is None else _own(wanted.own)
    if not wanted.document.strip():
        raise AssessmentRefused(_("没有写文号：采用考核方案要有印发机关的文号。"), code="assessment.scheme.document")
    changes, own = _checked(scheme, wanted.changes), as_data(scheme) if wanted.own is not None else {}
    rows = SchemeAdoption.objects.select_for_update().filter(
        division=place.division, scheme=scheme.id, year=wanted.year
    )
    last = rows.order_by("-version").first()
    if last and last.superseded_at is None:
        if (last.changes, last.document, last.own) == (changes, wanted.document.strip()[:80], own):
            raise AssessmentRefused(
                _("与现行第 %(n)d 版完全相同，没有新的版本。") % {"n": last.version}, code="assessment.scheme.same"
            )
        last.superseded_at = at
        last.save(update_fields=["superseded_at"])
    made = SchemeAdoption.objects.create(
        **place.columns,
        scheme=scheme.id,
        title=scheme.title,
        division=place.division,
        year=wanted.year,
        version=last.version + 1 if last else 1,
        document=wanted.document.strip()[:80],
        ground=wanted.ground.strip()[:300],
        changes=changes,
        own=own,
        adopted_at=at,
        adopted_by=by.person,
    )
    data = {
        "scheme": made.scheme,
        "year": made.year,
        "version": made.version,
        "document": made.document,
        "changes": changes,
        "own": hashlib.sha256(audit.canonical(own).encode()).hexdigest() if own else "",
    }
    audit.record("assessment.scheme.adopted", subject=made, by=by, at=at, data=data)
    return made


def _checked(scheme: Scheme, changes: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The changes as they are kept; refused where the whole would not hold together."""
    told = {
        name: {key: value if isinstance(value, bool) else str(value) for key, value in row.items()}
        for name, row in changes.items()
    }
    try:
        found = with_changes(scheme, told)
    except Unfit as error:
        raise unfit(error) from error
    return {name: row for name, row in told.items() if row and _differs(scheme, found, name)}


def unfit(error: Unfit) -> AssessmentRefused:
    """Why a scheme is refused, in the language of the page."""
    told = "".join(one.sentence(language()) for one in error.faults[:6])
    return AssessmentRefused(
        _("打分办法不成立：%(why)s请核对后再存。") % {"why": told}, code="assessment.scheme.changes"
    )


def _differs(scheme: Scheme, changed: Scheme, name: str) -> bool:
    """Whether a change changes anything."""
    lists = ((getattr(one, key) for key in ("items", "deductions", "vetoes")) for one in (scheme, changed))
    before, after = ({row.id: row for rows in each for row in rows}[name] for each in lists)
    return bool(before != after)

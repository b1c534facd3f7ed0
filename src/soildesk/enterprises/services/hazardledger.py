"""The ledger of hazards a plant sends as a table, taken into one inspection: hazards found, and those it says are put right.

A ledger proves no photograph: what it says was put right waits to be verified by another person, who is told so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, files
from soildesk.enterprises.models import FacilityVersion, Hazard, Inspection
from soildesk.enterprises.refusals import HazardRefused
from soildesk.enterprises.services import hazards
from soildesk.enterprises.services.hazards import Found, Rectified
from soildesk.enterprises.services.plantside import INSPECT, Done, Photo, require_seen

State = Hazard.State
LEDGER = "ledger"
"""The kind of file under which the workbook is attached to its inspection."""
OVER = (State.RECTIFIED, State.VERIFIED)


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One row as it stands in the ledger: what was found where, and how it was put right."""

    number: str = ""
    facility: str = ""
    what: str = ""
    suggestion: str = ""
    found_on: date | None = None
    due: date | None = None
    measure: str = ""
    responsible: str = ""
    rectified_on: date | None = None


@dataclass(frozen=True, slots=True)
class Meant:
    """What a row comes to: a hazard that is known or a new one at a facility, and whether it is put right by it."""

    row: LedgerRow
    hazard: Hazard | None
    version: FacilityVersion | None
    found_on: date
    rectifies: bool

    @property
    def nothing_new(self) -> bool:
        """Whether the row says what stands already."""
        return self.hazard is not None and not self.rectifies


@dataclass(frozen=True, slots=True)
class Taken:
    """What a ledger did to its inspection."""

    found: int
    rectified: int
    known: int


def understand(inspection: Inspection, row: LedgerRow, done: Done) -> Meant:
    """What a row of the ledger of an inspection means; refused where it cannot be so."""
    held = _held(inspection, row)
    if held is None:
        meant = _new(inspection, row, done)
    else:
        meant = Meant(row, held, None, held.found_on, row.rectified_on is not None and held.state == State.FOUND)
        _check_known(held, row)
    if meant.rectifies:
        _check_rectified(meant, done)
    return meant


@transaction.atomic
def take_in(inspection: Inspection, rows: Sequence[LedgerRow], book: Photo, done: Done) -> Taken:
    """All rows of a ledger at once, the workbook attached to the inspection."""
    require_seen(done.by, INSPECT, inspection)
    held = Inspection.objects.select_for_update().get(pk=inspection.pk)
    use = files.attach(held, data=book.data, name=book.name, kind=LEDGER, by=done.by, at=done.at)
    found = rectified = known = 0
    for row in rows:
        meant = understand(held, row, done)
        known += meant.nothing_new
        hazard = meant.hazard or _find(held, meant, done)
        found += meant.hazard is None
        if meant.rectifies:
            rectified += 1
            _rectify(hazard, row, use.name, done)
    taken = Taken(found, rectified, known)
    data = {"number": held.number, "file": use.attachment.sha256, "found": found, "rectified": rectified}
    audit.record("enterprises.inspection.ledger_taken", subject=held, by=done.by, at=done.at, data=data)
    return taken


def _held(inspection: Inspection, row: LedgerRow) -> Hazard | None:
    """The hazard a row is about: by our number, else by the same words at the same facility."""
    known = inspection.hazards.exclude(state=State.DROPPED).select_related("facility")
    if row.number.upper().startswith("YH-"):
        found = known.filter(number=row.number.upper()).first()
        if found is None:
            raise HazardRefused(
                _(
                    "“%(number)s”不是排查 %(inspection)s 的隐患，或已作误登撤销：请核对编号，新的隐患请填企业自己的序号。"
                )
                % {"number": row.number, "inspection": inspection.number},
                code="enterprises.hazard.number",
            )
        return found
    if not row.what or not row.facility:
        return None
    places = {one.facility_id for one in _called(inspection, row.facility)}
    return next((one for one in known.filter(what=row.what[:300]) if one.facility_id in places), None)


def _called(inspection: Inspection, text: str) -> list[FacilityVersion]:
    """The facilities of the firm that go by a name, their own code or our number, those that stand first."""
    rows = FacilityVersion.objects.filter(enterprise=inspection.enterprise_id, superseded_at=None)
    by_key: dict[int, FacilityVersion] = {}
    for one in rows.select_related("facility", "plan").order_by("since"):
        by_key[one.facility_id] = one
    named = [one for one in by_key.values() if text in (one.name, one.code, one.facility.number)]
    standing = [one for one in named if one.until is None]
    return standing or named


def _new(inspection: Inspection, row: LedgerRow, done: Done) -> Meant:
    if inspection.state != Inspection.State.UNDER_WAY:
        raise HazardRefused(
            _("排查 %(number)s 已于 %(day)s 完成，不能再加隐患：请开始新的排查再导入；补登整改的，请照填隐患编号。")
            % {"number": inspection.number, "day": inspection.finished_on},
            code="enterprises.hazard.finished",
        )
    if not row.what:
        raise HazardRefused(_("没有写隐患点：请写明在哪里、是什么。"), code="enterprises.hazard.content")
    found_on = row.found_on or inspection.began_on
    if not inspection.began_on <= found_on <= done.by.today:
        raise HazardRefused(
            _("发现日期 %(day)s 不在排查开始日期 %(began)s 至今天 %(today)s 之间：请核对。")
            % {"day": found_on, "began": inspection.began_on, "today": done.by.today},
            code="enterprises.hazard.future",
        )
    hazards.check_due(row.due, found_on)
    return Meant(row, None, _facility(inspection, row.facility), found_on, row.rectified_on is not None)


def _facility(inspection: Inspection, text: str) -> FacilityVersion:
    if not text:
        raise HazardRefused(
            _("没有写重点场所或者重点设施设备：请填写已登记设施的名称、企业编号或系统编号。"),
            code="enterprises.hazard.facility",
        )
    found = _called(inspection, text)
    if len(found) != 1:
        told = {"text": text, "n": len(found)}
        raise HazardRefused(
            _("“%(text)s”有 %(n)d 处设施同名：请改填企业编号或系统编号。") % told
            if found
            else _("没有登记名称或编号为“%(text)s”的设施：请先登记或导入这处设施，或改为登记的名称。") % told,
            code="enterprises.hazard.facility",
        )
    return found[0]


def _check_known(held: Hazard, row: LedgerRow) -> None:
    """A known hazard is the same in the ledger, as far as the ledger says."""
    said = {"number": held.number, "day": held.rectified_on, "ledger": row.rectified_on}
    if row.what and row.what[:300] != held.what:
        raise HazardRefused(
            _("隐患 %(number)s 登记的是“%(held)s”，台账写作“%(what)s”：请核对编号。")
            % {**said, "held": held.what, "what": row.what},
            code="enterprises.hazard.other",
        )
    if held.state in OVER and row.rectified_on not in (None, held.rectified_on):
        raise HazardRefused(
            _(
                "隐患 %(number)s 已登记 %(day)s 整改完成，台账写作 %(ledger)s：请核对；整改不合格的，由主管单位退回后再登记。"
            )
            % said,
            code="enterprises.hazard.order",
        )


def _check_rectified(meant: Meant, done: Done) -> None:
    """What the guide wants of a hazard put right, but the photograph that no table holds."""
    row = meant.row
    assert row.rectified_on is not None
    lacking = [name for name, text in ((_("整改措施"), row.measure), (_("责任人"), row.responsible)) if not text]
    if lacking:
        raise HazardRefused(
            _("写了整改完成时间 %(day)s，但没有%(names)s：请补齐，或清空整改完成时间。")
            % {"day": row.rectified_on, "names": "、".join(lacking)},
            code="enterprises.hazard.content",
        )
    if not meant.found_on <= row.rectified_on <= done.by.today:
        raise HazardRefused(
            _("整改完成时间 %(day)s 不在发现日期 %(found)s 至今天 %(today)s 之间：请核对。")
            % {"day": row.rectified_on, "found": meant.found_on, "today": done.by.today},
            code="enterprises.hazard.future",
        )


def _find(inspection: Inspection, meant: Meant, done: Done) -> Hazard:
    row, version = meant.row, meant.version
    assert version is not None, "a new hazard has its facility"
    return hazards.find(inspection, Found(version, "", row.what, row.suggestion, row.due, meant.found_on), done)


def _rectify(hazard: Hazard, row: LedgerRow, book: str, done: Done) -> None:
    assert row.rectified_on is not None
    told = Rectified(row.measure, row.responsible, row.rectified_on)
    hazards.rectify(hazard, told, done, ledger=book)

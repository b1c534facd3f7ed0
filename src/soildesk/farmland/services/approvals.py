"""Acts on approved classes 现行类别: register what the province's government approved, attach its paper, note its upload.

Nobody here decides a class: a decision carries number, day and authority, and says the class of each unit it names. A
class holds from the decision's day until the next decision that names the unit, or until the unit is no more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, files
from soildesk.core.models import FileUse
from soildesk.core.permissions import Actor, require
from soildesk.core.versions import Recording
from soildesk.farmland.models import ClassDecision, FarmlandClass
from soildesk.farmland.refusals import ClassRefused
from soildesk.farmland.services import classlines
from soildesk.farmland.services.approved import Approved
from soildesk.kit.folding import narrow
from soildesk.land.services.writing import Place, refuse_future
from soildesk.plots.queries.authorities import cities_of, own_of
from soildesk.plots.services.authorities import refuse_unfit
from soilrules.analytes import get
from soilrules.bases import bases
from soilrules.enterprises.lists import Level
from soilrules.plots.authorities import GOVERNMENT, Named, offices_in, read

FACTS = frozenset(
    {"number", "title", "authority", "authority_why", "decided_on", "since", "receipt", "uploaded_on", "note", "batch"}
)
NEEDED = ("number", "title", "authority")
BASIS = "farmland.order46.classes"
BRACKETS = str.maketrans("〔【[〕】]", "((()))")
SHOWN = 5
"""Faults told in a sentence; the preview of an import tells each."""


@transaction.atomic
def register(
    facts: Mapping[str, Any], rows: Sequence[Approved], place: Place, *, by: Actor, at: datetime
) -> ClassDecision:
    """A decision as the province took it. The classes it names come with it, or later by `take_in` from its table or map."""
    clean = check_new(facts, place, by=by)
    batch = clean.pop("batch", None)
    made = ClassDecision.objects.create(**place.columns, **clean, batch=batch, recorded_at=at, recorded_by=by.person)
    data = {"number": made.number, "since": made.since}
    data |= {"authority_why": made.authority_why} if made.authority_why else {}
    audit.record("farmland.class.registered", subject=made, by=by, at=at, data=data)
    if rows:
        take_in(made, rows, by=by, at=at)
    return made


@transaction.atomic
def take_in(decision: ClassDecision, rows: Sequence[Approved], *, by: Actor, at: datetime) -> int:
    """The class of each unit the decision names: all of them or none. How many there were."""
    faults = check_rows(decision, rows, by=by)
    if faults:
        told = "；".join(list(faults.values())[:SHOWN])
        raise ClassRefused(
            _("批准成果中有 %(count)d 行不能登记：%(first)s") % {"count": len(faults), "first": told},
            code="farmland.class.rows",
            rows=faults.values(),
        )
    classlines.write(decision, rows, Recording(by, at, _("%(number)s 批准") % {"number": decision.number}))
    told_of = audit.bulk([[row.unit.number, row.farmland_class, row.area_m2] for row in rows])
    data = {"number": decision.number, "since": decision.since, **told_of}
    audit.record("farmland.class.taken_in", subject=decision, by=by, at=at, data=data)
    return len(rows)


def check_new(facts: Mapping[str, Any], place: Place, *, by: Actor) -> dict[str, Any]:
    """The facts of a decision as they may be stored; refused where it may not be registered."""
    require(by, "farmland.register_classes", place.division)
    if unknown := sorted(set(facts) - FACTS):
        raise ClassRefused(
            _("类别批准文件没有“%(names)s”这样的内容：请核对字段。") % {"names": "、".join(unknown)},
            code="farmland.class.words",
        )
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    clean |= {name: clean.get(name) or "" for name in ("authority_why", "receipt", "note")}
    clean["since"] = clean.get("since") or clean.get("decided_on")
    _check_words(clean)
    _check_days(clean, by)
    _check_authority(clean, place)
    _refuse_twice(clean, place)
    return clean


def _check_words(clean: Mapping[str, Any]) -> None:
    titles = {"number": _("批准文号"), "title": _("标题"), "authority": _("批准机关")}
    for name in NEEDED:
        if not clean.get(name):
            raise ClassRefused(
                _("没有填写%(what)s：类别由省级人民政府审定，本级只登记，请照文件填写。") % {"what": titles[name]},
                code="farmland.class.words",
            )


def _check_days(clean: Mapping[str, Any], by: Actor) -> None:
    decided = clean.get("decided_on")
    if not decided:
        raise ClassRefused(_("没有批准日期：请照文件填写。"), code="farmland.class.days")
    for day in (decided, clean["since"], clean.get("uploaded_on")):
        if day:
            refuse_future(day, by, ClassRefused, "farmland.class.future")
    for day in (clean["since"], clean.get("uploaded_on")):
        if day and day < decided:
            raise ClassRefused(
                _("生效或上传日期 %(day)s 早于批准日期 %(decided)s：请照文件核对。") % {"day": day, "decided": decided},
                code="farmland.class.days",
            )


def _check_authority(clean: Mapping[str, Any], place: Place) -> None:
    """The decision is one of the province's government; what a department of it sent out says on what ground it did."""
    named = Named(clean["authority"], Level.PROVINCE, "", cities_of(place.division.path))
    why, field, basis = clean["authority_why"], _("机关核对说明"), bases()[BASIS]
    code = "farmland.class.authority"
    refuse_unfit(named, "", why, field, bases=[basis], refused=ClassRefused, code=code)
    own = own_of(named.authority)
    if why or any(read(one, own).line == GOVERNMENT for one in offices_in(named.authority)):
        return
    raise ClassRefused(
        _(
            "“%(authority)s”不是省级人民政府：类别由省级人民政府审定（%(basis)s）。由省级部门印发的，在“%(field)s”写明省政府同意的依据。"
        )
        % {"authority": clean["authority"], "basis": basis.cited, "field": field},
        code=f"{code}_unsure",
    )


def _refuse_twice(clean: Mapping[str, Any], place: Place) -> None:
    rows = ClassDecision.objects.filter(division_path=place.division.path, superseded_at=None)
    same = next((one for one in rows if _number(one.number) == _number(clean["number"])), None)
    if same:
        raise ClassRefused(
            _("“%(number)s”已登记为“%(title)s”（%(since)s 起生效）：登记错误的，先在该文件页撤销再重新导入。")
            % {"number": same.number, "title": same.title, "since": same.since},
            code="farmland.class.twice",
        )


def _number(text: str) -> str:
    """A number of a paper however its brackets, digits and blanks are typed: 〔2021〕 is [2021]."""
    return narrow(text).translate(BRACKETS).replace(" ", "")


def check_rows(decision: ClassDecision, rows: Sequence[Approved], *, by: Actor) -> dict[int, str]:
    """What is wrong with rows, by their position; empty where all may be taken in."""
    require(by, "farmland.register_classes", decision)
    if decision.superseded_at is not None:
        raise ClassRefused(_("这份批准文件已被撤销，不能再登记类别。"), code="farmland.class.stale")
    if not rows:
        raise ClassRefused(_("没有列出任何单元：请导入批准的类别划分成果（表格或图形）。"), code="farmland.class.empty")
    since, units = decision.since, [row.unit.pk for row in rows]
    known = (
        classlines.standing_in(units, since, decision.division_path),
        classlines.decided_on(units, since),
        classlines.changed_after(units, since),
    )
    seen: set[int] = set()
    faults: dict[int, str] = {}
    for at, row in enumerate(rows):
        fault = _fault(row, seen, known, since)
        seen.add(row.unit.pk)
        faults |= {at: fault} if fault else {}
    return faults


def _fault(row: Approved, seen: set[int], known: tuple[Mapping[int, Any], ...], since: date) -> str:
    standing, taken, moved = known
    values = {"unit": row.unit.number, "since": since, "class": row.farmland_class}
    unknown = [slug for slug in row.controlling if not _is_element(slug)]
    said = (
        (row.unit.pk in seen, _("%(unit)s 列了两次，一个单元只有一个类别")),
        (row.farmland_class not in FarmlandClass.values, _("%(unit)s 的类别“%(class)s”不是三个类别之一")),
        (
            row.unit.pk not in standing,
            _("%(unit)s 在 %(since)s 尚未登记、已经终止或不在本行政区，请核对单元的起止日期"),
        ),
        (
            row.unit.pk in taken,
            _("%(unit)s 自 %(since)s 起的类别已由“%(decision)s”批准，一天只能有一个：登记错误的，先在该文件页撤销误登"),
        ),
        (row.unit.pk in moved, _("%(unit)s 的土地在 %(moved)s 已拆分、合并或调整边界，请按变动后的单元登记")),
        (bool(unknown), _("%(unit)s 的控制元素“%(elements)s”不认识")),
    )
    words = {
        **values,
        "decision": taken.get(row.unit.pk, ""),
        "moved": moved.get(row.unit.pk, ""),
        "elements": "、".join(unknown),
    }
    return next((sentence % words for wrong, sentence in said if wrong), "")


def _is_element(slug: str) -> bool:
    try:
        get(slug)
    except LookupError:
        return False
    return True


@transaction.atomic
def attach(decision: ClassDecision, *, data: bytes, name: str, kind: str, by: Actor, at: datetime) -> FileUse:
    """A paper of a decision: the approval, the map, the list, the report."""
    require(by, "farmland.register_classes", decision)
    use = files.attach(decision, data=data, name=name, kind=kind, by=by, at=at)
    told = {"number": decision.number, "file": use.attachment.sha256}
    audit.record("farmland.class.attached", subject=decision, by=by, at=at, data=told)
    return use


@transaction.atomic
def uploaded(decision: ClassDecision, *, receipt: str, on: date, by: Actor, at: datetime) -> ClassDecision:
    """That the national system took the classes, with its receipt: told once."""
    require(by, "farmland.register_classes", decision)
    held = ClassDecision.objects.select_for_update().get(pk=decision.pk)
    refuse_future(on, by, ClassRefused, "farmland.class.future")
    if not receipt.strip() or held.receipt:
        raise ClassRefused(
            _("上传回执 %(receipt)s 已登记，不能改写。") % {"receipt": held.receipt}
            if held.receipt
            else _("没有填写上传回执编号：请照系统回执填写。"),
            code="farmland.class.receipt",
        )
    if on < held.decided_on:
        raise ClassRefused(
            _("上传日期 %(day)s 早于批准日期 %(decided)s：请核对。") % {"day": on, "decided": held.decided_on},
            code="farmland.class.days",
        )
    held.receipt, held.uploaded_on = receipt.strip()[:120], on
    held.save(update_fields=["receipt", "uploaded_on"])
    audit.record("farmland.class.uploaded", subject=held, by=by, at=at, data={"receipt": held.receipt, "on": on})
    return held


@transaction.atomic
def take_back(decision: ClassDecision, *, by: Actor, at: datetime, why: str) -> int:
    """A decision that was registered wrongly: what stood before it stands again. How many units it had named."""
    require(by, "farmland.register_classes", decision)
    held = ClassDecision.objects.select_for_update().get(pk=decision.pk)
    if held.superseded_at is not None:
        raise ClassRefused(_("这份批准文件已被撤销：请刷新页面。"), code="farmland.class.stale")
    if not why.strip():
        raise ClassRefused(_("请写明撤销的原因：原因会留在历史里。"), code="farmland.class.why_missing")
    undone = classlines.undo(held, Recording(by, at, why))
    held.superseded_at, held.reason = at, why.strip()[:300]
    held.save(update_fields=["superseded_at", "reason"])
    data = {"number": held.number, "count": undone, "why": held.reason}
    audit.record("farmland.class.taken_back", subject=held, by=by, at=at, data=data)
    return undone

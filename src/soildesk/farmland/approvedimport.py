"""The classes a decision approved, from its table or map: every row's fate first, then all of it at once.

A row finds its unit by the province's code or our number; a row of a map that has neither, by its ground.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from shapely.geometry.base import BaseGeometry

from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor
from soildesk.farmland import approvedsheets
from soildesk.farmland.approvedsheets import Told
from soildesk.farmland.approvedwords import class_called, class_word, element_names
from soildesk.farmland.models import ClassDecision, Unit, UnitVersion
from soildesk.farmland.mu import to_mu, told
from soildesk.farmland.queries import classes
from soildesk.farmland.services import approvals
from soildesk.farmland.services.approvals import Approved
from soildesk.kit.gis.understanding import plain
from soildesk.kit.imports import ImportKind, ImportRefused, ImportRow, Purpose, RowFate, Understood, Verdict, add
from soildesk.land.shapes import area_m2, polygons_of
from soilrules.analytes import candidates
from soilrules.farmland.rulesets import rulesets

SAME_GROUND = 0.95
"""Share of both grounds that two shapes have in common to be taken for the same unit."""
DIFFERS = 0.01
"""From which share an area on paper and the area of the unit are told as different, as everywhere areas are compared."""
SLUGS_BETWEEN = ","
BETWEEN = re.compile(r"[、，,;；/\s]+")


def decision_of(actor: Actor, given: Mapping[str, str]) -> ClassDecision:
    """The decision a file is taken in for."""
    uid = given.get("decision", "")
    plain_ = len(uid) == 36 and not set(uid) - set("0123456789abcdef-")
    found = ClassDecision.objects.visible_to(actor).filter(uid=uid, superseded_at=None).first() if plain_ else None
    if found is None:
        raise ImportRefused(_("没有指明是哪份批准文件：请从类别批准文件的页面进入。"), code="kit.import.unknown")
    return found


@dataclass(frozen=True)
class KnownUnits:
    """The units of a day by code, number and name."""

    by_code: Mapping[str, UnitVersion]
    by_name: Mapping[str, Sequence[UnitVersion]]
    seen: Any

    @classmethod
    def of(cls, actor: Actor, decision: ClassDecision) -> KnownUnits:
        """The units that stand in the decision's place on its day."""
        seen = UnitVersion.objects.visible_to(actor).standing(decision.since)
        seen = seen.filter(division_path__startswith=decision.division_path).select_related("unit")
        codes: dict[str, UnitVersion] = {}
        names: dict[str, list[UnitVersion]] = {}
        for one in seen.defer("geometry"):
            codes |= {one.code: one} if one.code else {}
            codes[one.unit.number] = one
            names.setdefault(plain(one.name), []).append(one)
        return cls(codes, names, seen)

    def match(self, row: Told) -> UnitVersion | None:
        """The unit of a row."""
        code = row.said.get("unit", "")
        if code in self.by_code:
            return self.by_code[code]
        if row.ground is not None and not code:
            return self._on(row.ground)
        named = self.by_name.get(plain(row.said.get("name", "")), ())
        return named[0] if len(named) == 1 and not code else None

    def _on(self, ground: BaseGeometry) -> UnitVersion | None:
        for one in self.seen.filter(geometry__intersects=ground):
            if _shared(one, ground) >= SAME_GROUND:
                return one
        return None


def _shared(version: UnitVersion, ground: BaseGeometry) -> float:
    """The smaller of the shares that two grounds have in common."""
    common = area_m2(polygons_of(version.geometry.intersection(ground)))
    return common / max(area_m2(polygons_of(ground)), version.area_m2)


def read(data: bytes, name: str, purpose: Purpose) -> Understood:
    """What a file would give to which unit."""
    decision = decision_of(purpose.actor, purpose.given)
    table = approvedsheets.read(data, name)
    notes = [*table.notes, _("有一行不能登记，默认整个文件都不写入：请改好文件再来。")]
    return Understood(table.columns, list(_fates(decision, table.rows, purpose.actor)), notes)


def _fates(decision: ClassDecision, rows: Sequence[Told], actor: Actor) -> Iterator[RowFate]:
    known = KnownUnits.of(actor, decision)
    told_of = [_approved(row, known.match(row)) for row in rows]
    good = [(at, one) for at, (one, _why) in enumerate(told_of) if one is not None]
    found = approvals.check_rows(decision, [one for _at, one in good], by=actor) if good else {}
    faults = {good[at][0]: why for at, why in found.items()}
    held = classes.classes_of([one.unit.pk for _at, one in good], decision.since)
    for at, row in enumerate(rows):
        approved, why = told_of[at]
        if approved is None or at in faults:
            yield RowFate(row.position, row.raw, Verdict.REFUSED, [faults.get(at, why)])
            continue
        version = known.match(row)
        assert version is not None
        before = held.get(version.unit_id)
        doubts = _worth_knowing(approved, version, row)
        verdict = Verdict.WARNING if doubts else Verdict.OK
        old = {"name": version.name, "class": class_word(before.farmland_class)} if before else None
        yield RowFate(row.position, {**row.raw, **_kept(approved)}, verdict, doubts, old, _shown(approved, version))


def _approved(row: Told, version: UnitVersion | None) -> tuple[Approved | None, str]:
    """What a row says; or why it cannot be said."""
    code = row.said.get("unit") or row.said.get("name", "")
    if version is None:
        return None, _("没有找到单元“%(code)s”：请先登记评价单元（或导入单元图），或核对代码和生效日期。") % {
            "code": code
        }
    word = row.said.get("class", "")
    value = class_called(word)
    if not value:
        return None, _("类别“%(word)s”不是优先保护类、安全利用类、严格管控类之一：请照批准成果填写。") % {"word": word}
    elements, unknown = _elements(row.said.get("controlling", ""))
    if unknown:
        return None, _("控制元素“%(names)s”不认识：请写元素名称，例如镉、砷，几种之间用“、”分开。") % {
            "names": "、".join(unknown)
        }
    try:
        area = approvedsheets.area_in_m2(row.said)
    except ValueError as error:
        return None, _("面积“%(value)s”不是正数：请核对。") % {"value": error}
    return Approved(version.unit, value, elements, area), ""


def _elements(text: str) -> tuple[tuple[str, ...], list[str]]:
    found, unknown = [], []
    for name in filter(None, BETWEEN.split(text)):
        if name in ("无", "—", "-", "/"):
            continue
        slugs = candidates(name)
        if len(slugs) == 1:
            found.append(slugs[0])
        else:
            unknown.append(name)
    return tuple(dict.fromkeys(found)), unknown


def _worth_knowing(approved: Approved, version: UnitVersion, row: Told) -> list[str]:
    """What a person should look at before it is written: areas and grounds that differ, elements that decide no class."""
    said = []
    deciding = _deciding()
    if beside := [one for one in approved.controlling if one not in deciding]:
        said.append(
            _("控制元素“%(names)s”不是决定类别的元素（%(deciding)s）：请对照批复核对，是不是填错了列。")
            % {"names": element_names(beside), "deciding": element_names(deciding)}
        )
    if approved.area_m2 is not None and abs(float(approved.area_m2) - version.area_m2) > DIFFERS * version.area_m2:
        said.append(
            _("批准面积 %(paper)s，单元图形 %(ground)s，相差超过 1%%：请核对是不是同一块地。")
            % {"paper": told(approved.area_m2), "ground": told(version.area_m2)}
        )
    if row.ground is not None:
        share = _shared(version, row.ground)
        if share < SAME_GROUND:
            said.append(
                _("文件中的图形与单元 %(unit)s 只重合 %(share)s%%：类别按单元登记，请核对边界。")
                % {"unit": version.unit.number, "share": f"{share * 100:.1f}"}
            )
    return said


def _deciding() -> list[str]:
    """The elements the rule sets let decide a class."""
    return list(dict.fromkeys(slug for one in rulesets().values() for slug in one.elements))


def _shown(approved: Approved, version: UnitVersion) -> Mapping[str, Any]:
    return {
        "name": version.name,
        "class": class_word(approved.farmland_class),
        "controlling": element_names(approved.controlling),
        "mu": "" if approved.area_m2 is None else str(to_mu(approved.area_m2)),
    }


def _kept(approved: Approved) -> dict[str, str]:
    """What a row will write, beside what the file says."""
    return {
        "_unit": str(approved.unit.uid),
        "_class": approved.farmland_class,
        "_elements": SLUGS_BETWEEN.join(approved.controlling),
        "_m2": "" if approved.area_m2 is None else str(approved.area_m2),
    }


def apply(rows: Sequence[ImportRow], purpose: Purpose) -> Mapping[str, int]:
    """Do what the preview showed, all of it or nothing."""
    decision = decision_of(purpose.actor, purpose.given)
    units = _units([row.raw["_unit"] for row in rows])
    said = []
    for row in rows:
        kept = row.raw
        area = Decimal(kept["_m2"]) if kept["_m2"] else None
        elements = tuple(filter(None, kept["_elements"].split(SLUGS_BETWEEN)))
        said.append(Approved(units[kept["_unit"]], kept["_class"], elements, area))
    try:
        approvals.take_in(decision, said, by=purpose.actor, at=purpose.at)
    except Refusal as refusal:
        raise ImportRefused(_("%(why)s 整个文件都没有写入。") % {"why": refusal}, code="kit.import.row") from refusal
    found: dict[str, int] = {}
    for one in said:
        found[one.farmland_class] = found.get(one.farmland_class, 0) + 1
    return found


def _units(uids: Sequence[str]) -> dict[str, Unit]:
    found: dict[str, Unit] = {}
    for start in range(0, len(uids), 500):
        found |= {str(one.uid): one for one in Unit.objects.filter(uid__in=uids[start : start + 500])}
    return found


KIND = add(
    ImportKind(
        name="farmland.classes",
        title=_l("批准的农用地类别"),
        permission="farmland.register_classes",
        read=read,
        apply=apply,
        names={
            **approvedsheets.TITLES, "name": _l("单元名称"), "priority": _l("优先保护类"), "safe_use": _l("安全利用类"), "strict": _l("严格管控类"),
        },
        accepts=(*approvedsheets.TABLES, *approvedsheets.MAPS),
        hint=_l("选择批准的类别清单（Excel）或类别图（Shapefile 压缩包、GeoPackage、GeoJSON）：按单元代码对应已登记的评价单元；图形没有代码的按位置对应。"),
        subject=decision_of,
        done_url=lambda batch: reverse("kit:record", args=["class_decisions", batch.context["decision"]]),
        whole=True,
    )
)  # fmt: skip

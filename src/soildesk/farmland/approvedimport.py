"""The classes a decision approved, from its table or map: every row's fate first, then all of it at once.

A row finds its unit by the province's code or our number; a row of a map that has neither, by its ground.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor
from soildesk.farmland import approvedsheets
from soildesk.farmland.approvedheadings import TITLES
from soildesk.farmland.approvedsheets import Told
from soildesk.farmland.approvedunits import OTHER_GROUND, SAME_GROUND, KnownUnits
from soildesk.farmland.approvedwords import class_called, class_graded, class_word, element_names
from soildesk.farmland.models import ClassDecision, Unit, UnitClass, UnitVersion
from soildesk.farmland.mu import differs, to_mu, told
from soildesk.farmland.queries import classes
from soildesk.farmland.services import approvals, classlines
from soildesk.farmland.services.approved import Approved
from soildesk.kit.imports import ImportKind, ImportRefused, ImportRow, Purpose, RowFate, Understood, Verdict, add
from soilrules.analytes import candidates
from soilrules.farmland.rulesets import rulesets

SLUGS_BETWEEN = ","
SLUGS_OF_ROW = classlines.BETWEEN
SHOWN = 5
"""Rows a sentence names."""
BETWEEN = re.compile(r"[、，,;；/\s]+")
WITH_BRACKETS = re.compile(r"([^()（）]+)[(（]([^()（）]+)[)）]")


def decision_of(actor: Actor, given: Mapping[str, str]) -> ClassDecision:
    """The decision a file is taken in for."""
    uid = given.get("decision", "")
    plain_ = len(uid) == 36 and not set(uid) - set("0123456789abcdef-")
    found = ClassDecision.objects.visible_to(actor).filter(uid=uid, superseded_at=None).first() if plain_ else None
    if found is None:
        raise ImportRefused(_("没有指明是哪份批准文件：请从类别批准文件的页面进入。"), code="kit.import.unknown")
    return found


def read(data: bytes, name: str, purpose: Purpose) -> Understood:
    """What a file would give to which unit."""
    decision = decision_of(purpose.actor, purpose.given)
    table = approvedsheets.read(data, name)
    fates = list(_fates(decision, table.rows, purpose.actor))
    into = {"number": decision.number, "title": decision.title, "since": decision.since}
    notes = [_("导入到批准文件 %(number)s（%(title)s），自 %(since)s 起成为现行类别。") % into, *table.notes]
    if any(one.verdict == Verdict.REFUSED for one in fates):
        notes.append(_("有一行不能登记，默认整个文件都不写入：请改好文件再来。"))
    return Understood(table.columns, fates, notes)


def _fates(decision: ClassDecision, rows: Sequence[Told], actor: Actor) -> Iterator[RowFate]:
    known = KnownUnits.of(actor, decision)
    versions = [known.match(row) for row in rows]
    told_of = [_approved(row, version, known) for row, version in zip(rows, versions, strict=True)]
    twice = _twice(rows, versions)
    held = classes.classes_of([one.unit_id for one in versions if one is not None], decision.since)
    again = {at for at, (one, _why) in enumerate(told_of) if one is not None and _stands(one, held, decision)}
    good = [
        (at, one) for at, (one, _why) in enumerate(told_of) if one is not None and at not in again and at not in twice
    ]
    found = approvals.check_rows(decision, [one for _at, one in good], by=actor) if good else {}
    faults = twice | {good[at][0]: why for at, why in found.items()}
    for at, (row, version) in enumerate(zip(rows, versions, strict=True)):
        approved, why = told_of[at]
        if approved is None or version is None or at in faults:
            yield RowFate(row.position, _file_says(row), Verdict.REFUSED, [why or faults[at]])
            continue
        shown = _shown(approved, version)
        if at in again:
            yield RowFate(row.position, row.raw, Verdict.OK, [_("这份文件已经登记，内容相同。")], shown, shown)
            continue
        before = held.get(version.unit_id)
        doubts = _worth_knowing(approved, version, row, known)
        verdict = Verdict.WARNING if doubts else Verdict.OK
        old = {"name": version.name, "class": class_word(before.farmland_class)} if before else None
        yield RowFate(row.position, {**row.raw, **_kept(approved)}, verdict, doubts, old, shown)


def _stands(approved: Approved, held: Mapping[int, UnitClass], decision: ClassDecision) -> bool:
    """Whether this very decision gave the unit this class before."""
    row = held.get(approved.unit.pk)
    if row is None or row.decision_id != decision.pk or row.since != decision.since:
        return False
    said = (approved.farmland_class, SLUGS_OF_ROW.join(approved.controlling), approved.area_m2)
    return (row.farmland_class, row.controlling, row.area_m2) == said


def _file_says(row: Told) -> dict[str, str]:
    """A refused row as the page shows it: the short headings of a map say nothing to its reader, their meaning does."""
    return {**row.raw, **(row.said if all(title.isascii() for title in row.raw) else {})}


def _twice(rows: Sequence[Told], versions: Sequence[UnitVersion | None]) -> dict[int, str]:
    """Rows of units the file names more than once: nobody here chooses between them."""
    places: dict[int, list[int]] = {}
    for at, version in enumerate(versions):
        if version is not None:
            places.setdefault(version.unit_id, []).append(at)
    told = _("单元 %(unit)s 在文件里有 %(n)d 行（第 %(rows)s 行）：一个单元只有一个类别，请只保留一行。")
    return {
        at: told
        % {
            "unit": _called(versions[at]),
            "n": len(some),
            "rows": "、".join(str(rows[one].position) for one in some[:SHOWN]),
        }
        for some in places.values()
        if len(some) > 1
        for at in some
    }


def _called(version: UnitVersion | None) -> str:
    return "" if version is None else version.code or version.unit.number


def _approved(row: Told, version: UnitVersion | None, known: KnownUnits) -> tuple[Approved | None, str]:
    """What a row says; or why it cannot be said."""
    if elsewhere := known.elsewhere(row):
        return None, elsewhere
    if version is None:
        return None, known.missing(row)
    if row.ground is not None and known.share(version, row.ground) < OTHER_GROUND:
        return None, _("代码是单元 %(unit)s 的，图形却不在这个单元上：请核对代码和图形是不是同一块地。") % {
            "unit": version.unit.number
        }
    word = row.said.get("class", "")
    value = class_called(word) or class_graded(word)
    if not word:
        return None, _("没有填写类别：请照批准成果填写优先保护类、安全利用类或严格管控类。")
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
        return None, _("面积“%(value)s”不是大于 0 的数字：请照批准成果填写，例如 12.5；没有就留空。") % {"value": error}
    return Approved(version.unit, value, elements, area), ""


def _elements(text: str) -> tuple[tuple[str, ...], list[str]]:
    found, unknown = [], []
    for name in filter(None, BETWEEN.split(text)):
        if name in ("无", "—", "-", "/"):
            continue
        slug = _element(name)
        (found if slug else unknown).append(slug or name)
    return tuple(dict.fromkeys(found)), unknown


def _element(name: str) -> str:
    """The element of a name, which may have its symbol or a remark in brackets, as 镉（Cd）; empty where it is none."""
    slugs = candidates(name)
    if not slugs and (parts := WITH_BRACKETS.fullmatch(name)):
        slugs = candidates(parts[1]) if candidates(parts[2]) in ((), candidates(parts[1])) else ()
    return slugs[0] if len(slugs) == 1 else ""


def _worth_knowing(approved: Approved, version: UnitVersion, row: Told, known: KnownUnits) -> list[str]:
    """What a person should look at before it is written: areas and grounds that differ, elements that decide no class."""
    said = []
    if not class_called(row.said.get("class", "")):
        said.append(
            _(
                "类别写作“%(word)s”，按%(class)s读取（Ⅰ、Ⅱ、Ⅲ 依次为优先保护类、安全利用类、严格管控类）：请对照批复核对。"
            )
            % {"word": row.said.get("class", ""), "class": class_word(approved.farmland_class)}
        )
    deciding = _deciding()
    if beside := [one for one in approved.controlling if one not in deciding]:
        said.append(
            _("控制元素“%(names)s”不是决定类别的元素（%(deciding)s）：请对照批复核对，是不是填错了列。")
            % {"names": element_names(beside), "deciding": element_names(deciding)}
        )
    if approved.area_m2 is not None and differs(approved.area_m2, version.area_m2):
        said.append(
            _("批准面积 %(paper)s，单元图形 %(ground)s，相差超过 1%%：请核对是不是同一块地。")
            % {"paper": told(approved.area_m2), "ground": told(version.area_m2)}
        )
    return [*said, *_ground_told(version, row, known)]


def _ground_told(version: UnitVersion, row: Told, known: KnownUnits) -> Iterator[str]:
    """What is to be said of the ground a map draws."""
    if row.drawn and row.ground is None:
        yield _("这一行没有图形：只按单元代码对应，请核对是不是漏画。")
    if row.crossed:
        yield _("文件中的图形自相交：按围住的范围与单元比较，请测绘单位改正。")
    if row.ground is None:
        return
    share = known.share(version, row.ground)
    if share < SAME_GROUND:
        yield _("文件中的图形与单元 %(unit)s 只重合 %(share)s%%：类别按单元登记，请核对边界。") % {
            "unit": version.unit.number,
            "share": f"{share * 100:.1f}",
        }


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
            **TITLES, "name": _l("单元名称"), "priority": _l("优先保护类"), "safe_use": _l("安全利用类"), "strict": _l("严格管控类"),
        },
        accepts=(*approvedsheets.TABLES, *approvedsheets.MAPS),
        hint=_l("选择批准的类别清单（Excel）或类别图（Shapefile 压缩包、GeoPackage、GeoJSON）：按单元代码对应已登记的评价单元；图形没有代码的按位置对应。"),
        subject=decision_of,
        done_url=lambda batch: reverse("kit:record", args=["class_decisions", batch.context["decision"]]),
        whole=True,
    )
)  # fmt: skip

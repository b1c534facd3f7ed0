"""The export of the national system: taken in once as the first load, compared with what stands here ever after.

A plot that nothing was written of here takes its stage and lists from the export; one that has a life of its own is
compared and nothing of it is written. What is there and not here becomes a plot where its ground is told, otherwise a
candidate that a person looks at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, require
from soildesk.core.versions import Recording
from soildesk.kit import pasted
from soildesk.kit.gis.understanding import plain
from soildesk.kit.imports import (
    NOT_IN_FILE,
    ImportKind,
    ImportRefused,
    ImportRow,
    Purpose,
    RowFate,
    Understood,
    Verdict,
    add,
)
from soildesk.land.queries.choices import own_towns, town_in
from soildesk.land.services.writing import place_at
from soildesk.plots import plotsheets
from soildesk.plots.models import Candidate, Plot, PlotVersion
from soildesk.plots.plotsheets import KnownPlots, Told, day_in
from soildesk.plots.queries import plots as found
from soildesk.plots.queries import stages
from soildesk.plots.queries.compared import DIFFERS
from soildesk.plots.queries.plots import Standing
from soildesk.plots.refusals import EventRefused
from soildesk.plots.services import candidates, events, national, plots
from soildesk.plots.services.events import Told as PlotTold
from soildesk.plots.services.events import words_of
from soildesk.plots.words import NO_STAGE, list_name, list_names, stage_word
from soilrules.plots.state import EventKind, Stage

PLOT, SAID, NEW, LOOK = "_plot", "_said", "_new", "_look"
KEYS = (
    "number", "code", "name", "stage", "lists", "listed_on", "location", "use_planned", "works", "ground", "report", "review", "filed_on",
    "evaluator", "contractors",
)  # fmt: skip
EXACT_DIGITS = 15
"""A spreadsheet keeps so many digits of a number: of a longer code the rest is lost."""
NAME = "plots.national"
EXITS = (EventKind.CARRIED_WITHIN, EventKind.CARRIED_NO_CONTROL, EventKind.CARRIED_REMOVED)


@dataclass(frozen=True, slots=True)
class Export:
    """An export by its day and the name of its file."""

    on: date
    paper: str


def read(data: bytes, name: str, purpose: Purpose) -> Understood:
    """What an export says otherwise than the register, row by row."""
    place = place_at("", purpose.actor)
    require(purpose.actor, "plots.keep", place.division)
    table = plotsheets.read(data, name, keys=KEYS, needs=("code", "stage"))
    if "code" not in table.keys:
        raise ImportRefused(_("文件没有“全国系统地块编码”列：不是全国系统的导出表。"), code="kit.import.nothing")
    if "stage" not in table.keys:
        raise ImportRefused(
            _("没有找到“阶段”列，无法比对：请核对表头，阶段列的名称应为阶段、当前阶段、管理阶段之一。"),
            code="kit.import.nothing",
        )
    notes = [*table.notes, _("已有登记事项的地块只比较，不改动；不同之处请核实后登记事项或在全国系统更新。")]
    rows = list(_fates(table.rows, purpose.actor, Export(clock.local_day(purpose.at), name)))
    return Understood(table.columns, rows, notes)


def _fates(rows: Sequence[Told], actor: Actor, export: Export) -> Iterator[RowFate]:
    known = KnownPlots.of(actor, export.on)
    standing = {one.plot_id: one for one in found.standing(actor, export.on)}
    entered = stages.entered_on(standing, export.on)
    met: dict[int | str, int] = {}
    for row in rows:
        plot = known.match(row.said)
        key = plot.plot_id if plot else row.said.get("code", "")
        if key and (first := met.setdefault(key, row.position)) != row.position:
            yield _refused(row, _("与第 %(n)s 行是同一个地块：请核对文件。") % {"n": first})
        elif cut := _cut_short(row, known):
            yield _refused(row, cut)
        elif plot:
            yield _of_known(row, plot, (standing[plot.plot_id], entered.get(plot.plot_id, {})), export)
        else:
            yield _of_unknown(row, export, _namesake(row, known))
    missing = (one for key, one in standing.items() if key not in met and (one.stage or one.version.code))
    for one in missing:
        told = _("本级有“%(name)s”（%(code)s，%(stage)s），导出没有：请核实是否漏报，或在全国系统补报。") % {
            "name": one.version.name,
            "code": one.version.code or one.version.plot.number,
            "stage": stage_word(one.stage),
        }
        yield RowFate(NOT_IN_FILE, {PLOT: str(one.version.plot.uid), DIFFERS: told}, Verdict.WARNING, [told])


def _cut_short(row: Told, known: KnownPlots) -> str:
    """A code that a spreadsheet took for a number and cut; empty where it was not."""
    code = row.said.get("code", "")
    if code in known.by_code or len(code) <= EXACT_DIGITS or not code.isdigit() or code[EXACT_DIGITS:].strip("0"):
        return ""
    if alike := [one for one in known.by_code if one[:EXACT_DIGITS] == code[:EXACT_DIGITS] and len(one) == len(code)]:
        return _(
            "编码“%(code)s”的末尾被表格软件当作数字抹成了 0（本级有 %(alike)s）：请把编码列设为文本，重新导出。"
        ) % {"code": code, "alike": "、".join(alike)}
    return ""


def _namesake(row: Told, known: KnownPlots) -> list[str]:
    """A plot here of the same name under another code: the same one with a wrong code, or another one."""
    rows = known.by_name.get(plain(row.said.get("name", "")), ())
    told = _("本级有同名地块“%(name)s”（%(code)s），编码不同：如是同一地块，请先更正编码再比对，否则会重复登记。")
    return [told % {"name": one.name, "code": one.code or one.plot.number} for one in rows]


def _of_known(row: Told, plot: PlotVersion, held: tuple[Standing, Mapping[str, date]], export: Export) -> RowFate:
    """One that is here too; `held`: where it stands here, and since when on which list."""
    (here, entered), raw = held, {**row.raw, PLOT: str(plot.plot.uid)}
    stage, wrong = _stage(row)
    if wrong:
        return _refused(row, wrong)
    keys, unknown = national.lists_of(row.said.get("lists", ""))
    notes = [_("名单“%(words)s”认不出，没有采用。") % {"words": "、".join(unknown)}] if unknown else []
    renamed = _named_otherwise(row, plot)
    notes += renamed
    if not plot.plot.events.filter(superseded_at=None).exists():
        return _carried(row, raw, plot, export, notes)
    before = {"stage": stage_word(here.stage), "lists": list_names(here.lists)}
    after = {"stage": stage_word(stage)} if row.said.get("stage") else {}
    after |= {"lists": list_names(keys)} if "lists" in row.said else {}
    days, wrong_days = national.list_days(row.said.get("listed_on", ""), keys, export.on)
    other = [key for key, day in days.items() if entered.get(key, day) != day]
    before |= {"listed_on": _days_words({key: entered[key] for key in other})}
    after |= {"listed_on": _days_words({key: days[key] for key in other})}
    notes += wrong_days
    notes += [] if "stage" in after else [_("导出没有写这个地块的阶段：阶段没有比对。")]
    different = [key for key, value in after.items() if value != before[key]]
    if not different:
        same = [] if notes else [_("与本级一致。")]
        raw |= {DIFFERS: renamed[0]} if renamed else {}
        return RowFate(row.position, raw, Verdict.WARNING if notes else Verdict.OK, [*notes, *same])
    told = _(
        "“%(name)s”与全国系统不同：本级%(ours)s；全国系统%(theirs)s。请核实，以文件为准登记事项或在全国系统更新。"
    ) % {
        "name": plot.name,
        "ours": "，".join(before[key] for key in different),
        "theirs": "，".join(after[key] for key in different),
    }
    return RowFate(row.position, {**raw, DIFFERS: told}, Verdict.WARNING, [*notes, told])


def _days_words(days: Mapping[str, date]) -> str:
    """Since when on which lists, in one line."""
    return "、".join(_("%(day)s 列入%(list)s") % {"day": day, "list": list_name(key)} for key, day in days.items())


def _named_otherwise(row: Told, plot: PlotVersion) -> list[str]:
    """A code that is another name's here: one of both is wrong, or the plot was renamed."""
    name = row.said.get("name", "")
    if not name or plain(name) == plain(plot.name):
        return []
    told = _("编码相同、名称不同：导出为“%(theirs)s”，本级为“%(ours)s”。请核对是不是同一地块，编码有误的先更正。")
    return [told % {"theirs": name, "ours": plot.name}]


def _carried(row: Told, raw: dict[str, Any], plot: PlotVersion | None, export: Export, notes: list[str]) -> RowFate:
    """The events a record gives a plot that nothing was written of: what will be written, and what not, why, and what to do.

    Without `plot` it is a new one.
    """
    name = plot.name if plot else row.said["name"]
    able, others = national.checked(national.told_of(row.said, export.on, export.paper))
    new = [_("新地块“%(name)s”") % {"name": name}] if NEW in raw else []
    words = "、".join([*new, *(_named(one) for one in able)])
    said = [_("将登记：%(what)s。") % {"what": words}] if words else [_("这一行没有可登记的内容。")]
    said += _begins_earlier(row, plot, export)
    said += [_not_taken(told, refused, row) for told, refused in others]
    said += _day_unread(row)
    said += national.list_days(
        row.said.get("listed_on", ""), national.lists_of(row.said.get("lists", ""))[0], export.on
    )[1]
    if not row.said.get("stage"):
        said.append(_("导出没有写阶段：不登记阶段。"))
    doubtful = new or others or notes or not row.said.get("stage")
    verdict = Verdict.WARNING if doubtful else Verdict.OK
    after = {"name": name, "events": words}
    written = after if able or NEW in raw else None
    return RowFate(row.position, {**raw, SAID: dict(row.said)}, verdict, [*notes, *said], None, written)


def _begins_earlier(row: Told, plot: PlotVersion | None, export: Export) -> list[str]:
    """That the first day of a plot moves to the first day it stood on a list."""
    first, held = _first_listed(row.said, export.on), plots.first_day(plot.plot) if plot else export.on
    if held is None or first >= held:
        return []
    told = _("起始日期将由 %(held)s 改为 %(first)s（最早的列入日期）：此后查以前的日期，也有这个地块。")
    return [told % {"held": held, "first": first}]


def _first_listed(said: Mapping[str, str], on: date) -> date:
    """The first day a record says the plot stood on a list; the day of the export where it says none."""
    days, _wrong = national.list_days(said.get("listed_on", ""), national.lists_of(said.get("lists", ""))[0], on)
    return min(days.values(), default=on)


def _named(told: PlotTold) -> str:
    """An event, with the stage it brings, or the day its list was entered, where its name does not say it."""
    stage, day, name = told.data.get("stage", ""), told.data.get(national.LISTED_ON), words_of(told.kind)
    said = stage_word(stage) if stage else _("%(day)s 列入") % {"day": day} if day else ""
    return _("%(event)s（%(said)s）") % {"event": name, "said": said} if said else name


def _not_taken(told: PlotTold, refused: EventRefused, row: Told) -> str:
    """An event that is not written: which, why, what is missing, and how it gets here."""
    sentence = _("不登记“%(event)s”：%(why)s") % {"event": words_of(told.kind), "why": str(refused)}
    if told.kind not in EXITS:
        return sentence
    return sentence + _(
        "。全国系统说“%(stage)s”，在补齐之前本级按未解除对待：请在表中补上所缺的列（报告、评审结果、备案日期等）后重新选择文件，"
        "或导入后到地块页面“登记事项”，凭报告和批复登记。"
    ) % {"stage": row.said.get("stage", "")}  # fmt: skip


def _day_unread(row: Told) -> list[str]:
    text = row.said.get("filed_on", "")
    if not text or day_in(text, whole=True):
        return []
    return [_("备案日期“%(text)s”认不出，没有采用：请写成 2025-06-30 这样。") % {"text": text}]


def _of_unknown(row: Told, export: Export, notes: list[str]) -> RowFate:
    """There and not here: a plot where its ground is told, otherwise a candidate to be looked at."""
    _stage_said, wrong = _stage(row)
    if wrong or not row.said.get("name"):
        return _refused(row, wrong or _("没有地块名称：请补充。"))
    if not row.said.get("ground"):
        told = _(
            "本级没有登记，导出也没有范围：只列入疑似地块线索，阶段“%(stage)s”和名录不登记。请到线索页面画出或导入范围、立为地块后，再导入一次；在此以前，它可能所在的乡镇（街道）没有登记的地，准入核查写“无法判断”。"
        ) % {"stage": row.said.get("stage", "")}
        after = {"name": row.said["name"], "events": _("疑似地块线索")}
        return RowFate(row.position, {**row.raw, LOOK: dict(row.said)}, Verdict.WARNING, [*notes, told], None, after)
    try:
        plots.surface(pasted.ground(row.said["ground"], "EPSG:4490", "polygon"))
    except Refusal as refusal:
        return _refused(row, str(refusal))
    return _carried(row, {**row.raw, NEW: True}, None, export, notes)


def _stage(row: Told) -> tuple[str, str]:
    text = row.said.get("stage", "")
    stage = "" if not text or text == NO_STAGE else national.stage_of(text)
    if stage is None:
        return "", _("阶段“%(text)s”认不出：应为疑似、初步调查、详细调查、风险评估、风险管控、治理与修复、效果评估、已解除、已移出之一。") % {"text": text}  # fmt: skip
    return stage, ""


def _refused(row: Told, why: str) -> RowFate:
    return RowFate(row.position, row.raw, Verdict.REFUSED, [why])


def apply(rows: Sequence[ImportRow], purpose: Purpose) -> Mapping[str, int]:
    """Write what was confirmed: plots, the events of those nothing was written of, candidates."""
    counted = {"new": 0, "events": 0, "candidates": 0}
    assert purpose.batch is not None
    for row in rows:
        try:
            _write(row, purpose, counted)
        except Refusal as refusal:
            raise ImportRefused(
                _("第 %(n)s 行：%(why)s 整个文件都没有写入。") % {"n": row.position, "why": refusal},
                code="kit.import.row",
            ) from refusal
    return counted


def _write(row: ImportRow, purpose: Purpose, counted: dict[str, int]) -> None:
    on, batch = clock.local_day(purpose.at), purpose.batch
    if LOOK in row.raw:
        candidates.take_in([_candidate(row.raw[LOOK], on, purpose.actor)], by=purpose.actor, at=purpose.at, batch=batch)
        counted["candidates"] += 1
        return
    said = row.raw[SAID]
    plot = _registered(said, purpose, on) if NEW in row.raw else Plot.objects.get(uid=row.raw[PLOT])
    counted["new"] += NEW in row.raw
    if plot.events.filter(superseded_at=None).exists():
        raise ImportRefused(_("预览之后这个地块已登记了事项：请重新比对。"), code="kit.import.stale")
    _reach_back(plot, said, purpose, on)
    able, _others = national.checked(national.told_of(said, on, batch.file_name if batch else ""))
    for told in able:
        events.record(plot, events.with_batch(told, batch), by=purpose.actor, at=purpose.at)
    counted["events"] += len(able)


def _reach_back(plot: Plot, said: Mapping[str, str], purpose: Purpose, on: date) -> None:
    """A plot was one on the day it came onto a list: the list of a past day and the gate of that day find it."""
    first, held = _first_listed(said, on), plots.first_day(plot)
    if held and first < held:
        plots.begin(plot, since=first, recording=Recording(purpose.actor, purpose.at, national.document_of(on)))


def _registered(said: Mapping[str, str], purpose: Purpose, on: date) -> Plot:
    facts = {key: said[key] for key in ("code", "name", "location", "use_planned") if said.get(key)}
    facts |= {"geometry": pasted.ground(said["ground"], "EPSG:4490", "polygon"), "batch": purpose.batch}
    why = national.document_of(on)
    return plots.register(facts, place_at("", purpose.actor), since=on, by=purpose.actor, at=purpose.at, why=why).plot


def _candidate(said: Mapping[str, str], on: date, by: Actor) -> candidates.Fed:
    """What has no ground yet, in the town its address names; `freed` where the system shows it free of every list."""
    path = town_in(said.get("location", ""), {name: path for path, name in own_towns(by, on)})
    listed = national.lists_of(said.get("lists", ""))[0]
    freed = national.stage_of(said.get("stage", "")) in (Stage.RELEASED, Stage.REMOVED) and not listed
    return candidates.Fed(
        source=Candidate.Source.NATIONAL,
        origin=f"national:{said.get('code') or said['name']}",
        title=said["name"],
        found_on=on,
        address=said.get("location", ""),
        facts={key: said[key] for key in ("code", "stage", "lists", "listed_on") if said.get(key)}
        | ({"freed": True} if freed else {}),
        place=place_at(path, by) if path else None,
    )


KIND = add(
    ImportKind(
        name=NAME,
        title=_l("全国系统导出比对"),
        permission="plots.keep",
        read=read,
        apply=apply,
        names={**plotsheets.TITLES, "events": _l("登记的事项"), "new": _l("登记的新地块"), "candidates": _l("列入的线索")},
        accepts=(".xlsx", ".xls"),
        hint=_l("选择全国系统导出的地块表（地块编码、地块名称、阶段、名录、列入日期等列）：首次导入登记阶段和名单，以后每月比对，只列出不同。"),
        done_url=lambda batch: reverse("plots:national_result", args=[batch.uid]),
        keeps_rows=True,
    )
)  # fmt: skip

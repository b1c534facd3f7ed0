"""A whole layer asked about in one go: a supply plan, a planning layer. Every row becomes a question that is kept.

All rows are answered before any is kept: a batch that is cancelled or breaks off leaves no answers behind.
"""

from __future__ import annotations

import gc
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from typing import Any

import shapely
from django.db import transaction
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from soildesk.core import audit, clock, files
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, require
from soildesk.decisions import answershown, conflicts
from soildesk.decisions.actwords import word
from soildesk.decisions.models import GateBatch, GateQuery
from soildesk.decisions.queries.facts import Asked
from soildesk.decisions.queries.profiles import adopted_in
from soildesk.decisions.refusals import GateRefused
from soildesk.decisions.services import gate
from soildesk.decisions.services.gate import Answer, Said
from soildesk.decisions.words import DECISIONS, DISCLAIMER
from soildesk.kit import pasted
from soildesk.kit.sheets import Sheet, SheetColumn, write_xlsx
from soildesk.land.services.writing import Place, number_for, place_at
from soilrules.gate.acts import acts
from soilrules.gate.uses import schemes

LAYER, TABLE = "layer", "table"
CHUNK = 1000
MOST_ROWS = 20_000
COLUMNS: Mapping[str, Sequence[str]] = {
    "project": ("项目名称", "地块名称", "项目", "名称", "DKMC", "XMMC", "name", "title"),
    "code": ("宗地代码", "地块编号", "图斑编号", "编号", "ZDDM", "DKBH", "code", "number"),
    "use": ("规划用途", "用途代码", "土地用途", "用地性质", "规划地类", "YDDM", "planned_use", "use"),
    "current_use": ("现状用途", "现状地类", "DLBM", "current_use"),
}
"""By which headings a layer names what is asked of each of its rows."""
CODE_AND_NAME = re.compile(r"^([A-Za-z]?[0-9]{1,6})\s+\D.*$")
"""A code with its name behind it, as files written here say a use."""
Step = Callable[[int, int | None], None]
Row = tuple[Mapping[str, Any], BaseGeometry | None]


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of every row: the act and the day, and the use of rows that name none."""

    title: str
    act: str
    on: Any
    use: str = ""
    scheme: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """One row with its answer, or with the reason why it could not be asked. `same_as`: an earlier row asks the same."""

    row: int
    said: Said
    asked: Asked | None
    answer: Answer | None
    refused: str = ""
    use: str = ""
    same_as: int = 0


@transaction.atomic
def begin(order: Order, layer: tuple[str, bytes] | None, *, by: Actor, at: datetime) -> GateBatch:
    """A batch before its rows are read; an uploaded layer is kept with it."""
    place = _may_ask(order, by)
    made = GateBatch.objects.create(
        **place.columns, number=number_for(place.department, "PC", clock.local_day(at).year),
        title=order.title.strip()[:160] or order.act, act=order.act, on=order.on, asked_at=at, asked_by=by.person,
    )  # fmt: skip
    if layer:
        files.attach(made, data=layer[1], name=layer[0], kind=LAYER, by=by, at=at)
    data = {"number": made.number, "act": made.act, "on": made.on}
    audit.record("decisions.batch.asked", subject=made, by=by, at=at, data=data)
    return made


def _may_ask(order: Order, by: Actor) -> Place:
    """Where the batch belongs; refused where it may not be asked so."""
    place = place_at("", by)
    require(by, gate.ASK, place.division)
    gate.must_be_of_our_time(order.on, by)
    if order.act not in acts():
        raise GateRefused(
            _("没有“%(act)s”这个事项。可以用：%(known)s。") % {"act": order.act[:80], "known": "、".join(acts())},
            code="decisions.gate.act_unknown",
        )
    if order.scheme and order.scheme not in schemes():
        raise GateRefused(
            _("没有“%(scheme)s”这种用地分类，应为：%(known)s。")
            % {"scheme": order.scheme[:80], "known": "、".join(schemes())},
            code="decisions.gate.scheme",
        )
    gate.must_be_read(_("没有写规划用途的行所按的用途"), order.use, order.scheme)
    return place


def at_once(
    order: Order, rows: Iterable[Row], *, by: Actor, at: datetime, step: Step, heard: Sequence[str] = ()
) -> GateBatch:
    """A batch whose asker waits: it stands once every row is answered, and where it breaks off there is none.

    `heard` holds, once the rows are read, by which system a file was read that names none.
    """
    _may_ask(order, by)
    found = _answers(order, rows, by, step, heard)
    with transaction.atomic():
        return _keep(begin(order, None, by=by, at=at), found, by=by, at=at)


def run(
    batch: GateBatch,
    order: Order,
    rows: Iterable[Row],
    *,
    by: Actor,
    at: datetime,
    step: Step,
    heard: Sequence[str] = (),
) -> GateBatch:
    """Answer every row, then keep all answers and the workbook; what breaks off is marked as not done."""
    try:
        return _keep(batch, _answers(order, rows, by, step, heard), by=by, at=at)
    except BaseException:
        broke_off(str(batch.uid))
        raise


def broke_off(uid: str) -> None:
    """A batch whose answers never came: it says so."""
    GateBatch.objects.filter(uid=uid, state=GateBatch.State.RUNNING).update(state=GateBatch.State.FAILED)


def _answers(order: Order, rows: Iterable[Row], by: Actor, step: Step, heard: Sequence[str]) -> list[Answered]:
    """Every row with its answer: the rows first, then the registers once for all of them."""
    place = place_at("", by)
    read = []
    for number, (values, shape) in enumerate(rows, 1):
        if number > MOST_ROWS:
            raise GateRefused(
                _("图层超过 %(most)d 行：请按乡镇或批次拆分。") % {"most": MOST_ROWS}, code="decisions.batch.too_many"
            )
        read.append(_question(number, values, shape, order))
    if not read:
        raise GateRefused(_("图层里没有一行：请检查选的文件和图层。"), code="decisions.batch.empty")
    read = [replace(one, said=replace(one.said, read_as="".join(heard))) for one in read] if heard else read
    read = _doubled(read)
    whole = {"profile": adopted_in(place.division, order.on), "unplaced": pasted.is_rough("".join(heard))}
    found: list[Answered] = []
    with _uncollected():
        for begin in range(0, len(read), CHUNK):
            found += _answered(read[begin : begin + CHUNK], whole, by)
            step(len(found), len(read))
    return found


def _doubled(rows: Sequence[Answered]) -> list[Answered]:
    """The rows, each with the first row that has its ground and its use; all of them are answered."""
    keys = [(shapely.normalize(one.asked.shape).wkb, one.asked.use) if one.asked else None for one in rows]
    first = {key: one.row for one, key in zip(reversed(rows), reversed(keys), strict=True)}
    return [
        replace(one, same_as=first[key]) if key and first[key] < one.row else one
        for one, key in zip(rows, keys, strict=True)
    ]


@contextmanager
def _uncollected() -> Iterator[None]:
    """All answers are held to the end: the collector would only look through them again and again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _answered(rows: Sequence[Answered], whole: Mapping[str, Any], by: Actor) -> list[Answered]:
    """Rows of the layer with their answers; `whole` holds of all of them: the local rules, how well they are placed."""
    asked = [replace(one, asked=replace(one.asked, **whole)) if one.asked else one for one in rows]
    answers = iter(gate.check_many([one.asked for one in asked if one.asked], by=by))
    return [replace(one, answer=next(answers)) if one.asked else one for one in asked]


def _question(number: int, values: Mapping[str, Any], shape: BaseGeometry | None, order: Order) -> Answered:
    """One row as a question, or why it cannot be asked."""
    told = named(values)
    said = Said(project=told["project"][:160], parcel_code=told["code"][:80])
    use = told["use"] or order.use
    if shape is None or shape.is_empty:
        return Answered(number, said, None, None, _("没有范围：这一行应有一个面，请在图层里补上后重新核查。"), use)
    question = Asked(
        shape, order.act, use, order.on, scheme=order.scheme,
        current_use=told["current_use"] or None, current_scheme=order.scheme,
    )  # fmt: skip
    try:
        return Answered(number, said, gate.prepared(question), None, use=use)
    except Refusal as refusal:
        return Answered(number, said, None, None, str(refusal), use)


def named(values: Mapping[str, Any]) -> dict[str, str]:
    """What a row says of itself, by the headings people use."""
    plain = {_plain(key): str(value).strip() for key, value in values.items() if value not in (None, "")}
    told = {
        key: next((plain[_plain(one)] for one in names if _plain(one) in plain), "") for key, names in COLUMNS.items()
    }
    return told | {key: CODE_AND_NAME.sub(r"\1", told[key]) for key in ("use", "current_use")}


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


@transaction.atomic
def _keep(batch: GateBatch, found: Sequence[Answered], *, by: Actor, at: datetime) -> GateBatch:
    place = place_at(batch.division_path, by)
    made: dict[int, GateQuery] = {}
    for one in found:
        if one.answer is not None and one.asked is not None:
            number = f"{batch.number}-{one.row:05d}"
            made[one.row] = gate.written(one.answer, one.asked, place, one.said, by=by, at=at, number=number)
            made[one.row].batch, made[one.row].row = batch, one.row
    GateQuery.objects.bulk_create(made.values(), batch_size=CHUNK)
    batch.counts = dict(Counter(one.decision for one in made.values()))
    batch.refused = [
        {"row": one.row, "project": one.said.project, "code": one.said.parcel_code, "why": one.refused}
        for one in found
        if one.answer is None
    ]
    if batch.refused:
        batch.counts["refused"] = len(batch.refused)
    batch.state = GateBatch.State.DONE
    batch.save(update_fields=["counts", "refused", "state"])
    data = workbook(batch, found, made)
    files.attach(batch, data=data, name=f"{batch.number}.xlsx", kind=TABLE, by=by, at=at)
    return batch


def workbook(batch: GateBatch, found: Sequence[Answered], made: Mapping[int, GateQuery]) -> bytes:
    """The table of a batch: one row each, and the checks that ask something."""
    columns = [
        SheetColumn(_("序号"), 6), SheetColumn(_("核查编号"), 26), SheetColumn(_("项目（地块）名称"), 24), SheetColumn(_("宗地代码"), 20),
        SheetColumn(_("规划用途"), 16), SheetColumn(_("面积（m²）"), 12), SheetColumn(_("结论"), 12), SheetColumn(_("理由"), 60),
        SheetColumn(_("怎样可以改变"), 40), SheetColumn(_("依据"), 40),
    ]  # fmt: skip
    note = _("%(act)s，核查日 %(day)s。%(disclaimer)s。") % {
        "act": word(batch.act),
        "day": batch.on,
        "disclaimer": DISCLAIMER,
    }
    rows = (_line(one, made.get(one.row)) for one in found)
    asked = [made[one.row] for one in found if one.row in made]
    sheets = [
        Sheet(_("核查结论"), columns, rows, batch.title, note), _checks(found, made, note), _conflicts(asked, note),
        _to_survey(asked, note),
    ]  # fmt: skip
    out = BytesIO()
    write_xlsx(sheets, out)
    return out.getvalue()


def _line(one: Answered, query: GateQuery | None) -> list[Any]:
    if query is None:
        return [
            one.row,
            "",
            one.said.project,
            one.said.parcel_code,
            one.use[:80],
            None,
            _("没有核查"),
            one.refused,
            "",
            "",
        ]
    reasons = answershown.reasons(query)
    same = [_("与第 %(row)d 行的范围和用途相同，请核对是否重复") % {"row": one.same_as}] if one.same_as else []
    return [
        one.row, query.number, query.project, query.parcel_code, query.use, round(query.area_m2, 2),
        str(DECISIONS[query.decision]), "；".join([*same, *(f"{held.title}：{held.because[0]}" for held in reasons)]),
        "；".join(dict.fromkeys(held.change for held in reasons if held.change)),
        "；".join(dict.fromkeys(cited for held in reasons for cited in held.basis)),
    ]  # fmt: skip


def _conflicts(asked: Sequence[GateQuery], note: str) -> Sheet:
    """Every row of the layer against every plot and list it meets."""
    columns = [
        SheetColumn(_("序号"), 6), SheetColumn(_("项目（地块）名称"), 24), SheetColumn(_("规划用途"), 16), SheetColumn(_("地块"), 24),
        SheetColumn(_("地块编号"), 20), SheetColumn(_("阶段"), 12), SheetColumn(_("名单（名录）"), 26), SheetColumn(_("重叠面积（m²）"), 14),
        SheetColumn(_("占本行%"), 10), SheetColumn(_("结论"), 12),
    ]  # fmt: skip
    rows = (
        [one.query.row, one.query.project, one.query.use, one.plot, one.code, one.stage, one.on_list, round(one.area_m2, 2),
         one.share, str(DECISIONS[one.query.decision])]
        for one in conflicts.conflicts(asked)
    )  # fmt: skip
    return Sheet(_("冲突清单"), columns, rows, _("与地块、名录的冲突"), note)


def _to_survey(asked: Sequence[GateQuery], note: str) -> Sheet:
    """What must be surveyed first."""
    columns = [
        SheetColumn(_("序号"), 6), SheetColumn(_("项目（地块）名称"), 24), SheetColumn(_("规划用途"), 16), SheetColumn(_("核查项"), 26),
        SheetColumn(_("结果"), 12), SheetColumn(_("面积（m²）"), 12), SheetColumn(_("地块"), 24), SheetColumn(_("说明"), 60), SheetColumn(_("依据"), 40),
    ]  # fmt: skip
    rows = (
        [one.query.row, one.query.project, one.query.use, one.title, one.chip.word, one.area_m2 or None, one.plots, one.because, one.basis]
        for one in conflicts.to_survey(asked)
    )  # fmt: skip
    return Sheet(_("须先调查"), columns, rows, _("须先调查"), note)


def _checks(found: Sequence[Answered], made: Mapping[int, GateQuery], note: str) -> Sheet:
    columns = [
        SheetColumn(_("序号"), 6), SheetColumn(_("项目（地块）名称"), 24), SheetColumn(_("核查项"), 26), SheetColumn(_("结果"), 12),
        SheetColumn(_("面积（m²）"), 12), SheetColumn(_("说明"), 60), SheetColumn(_("依据"), 40),
    ]  # fmt: skip
    rows = (
        [one.row, one.said.project, check.title, check.chip.word, check.area_m2 or None, "".join(check.because), "；".join(check.basis)]
        for one in found
        if (query := made.get(one.row)) is not None
        for check in answershown.asking(query)
    )  # fmt: skip
    return Sheet(_("逐项核查"), columns, rows, _("逐项核查"), note)

"""Acts on yearly figures: take in the statistics bureau's table, report one, explain one, take one back; what towns then owe."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext as _

from soildesk.core import audit, clock, duties
from soildesk.core.duties import DutySpec, Life, Standing
from soildesk.core.models import Department, Division, Duty
from soildesk.core.models.places import valid_on
from soildesk.core.permissions import Actor, require, system_actor
from soildesk.farmland.models import TownFigure, TownReturn
from soildesk.farmland.queries import figures as found
from soildesk.farmland.refusals import InputRefused
from soildesk.farmland.services import keeping
from soildesk.farmland.services.telling import put_aside
from soildesk.kit.languages import called
from soildesk.land.services.writing import place_at
from soilrules.farmland.inputdata import Figure, inputs
from soilrules.farmland.inputs import shown

KEEP = "farmland.keep_figures"
Source = TownFigure.Source
SUBJECT = keeping.Subject(TownFigure, KEEP, "farmland.figure")
EARLIEST = 1990


@dataclass(frozen=True, slots=True)
class Reported:
    """One figure as it is told."""

    year: int
    division: Division
    figure: str
    value: Decimal
    source: str = Source.STATISTICS
    document: str = ""
    note: str = ""


@transaction.atomic
def report(one: Reported, *, by: Actor, at: datetime, why: str = "") -> TownFigure:
    """One figure; a value that stands is put aside with the reason."""
    check(one, by=by)
    held = _standing(one)
    if held is not None and not why.strip():
        raise InputRefused(
            _("%(place)s %(year)d 年的“%(figure)s”已登记为 %(value)s：更正请写明原因。") % _named(one, held),
            code="farmland.input.twice",
        )
    made = _write(one, by=by, at=at, why=why)
    audit.record("farmland.figure.reported", subject=made, by=by, at=at, data=_data(made))
    fit({(made.division.parent_id or 0, made.year)}, by=by, at=at)
    return made


@transaction.atomic
def take_in(many: Sequence[Reported], *, by: Actor, at: datetime, batch: Any = None) -> Mapping[str, int]:
    """The figures of a table; those that stand with another value are put aside. One entry in the audit a figure."""
    why = _("统计表“%(name)s”更新") % {"name": batch.file_name if batch else ""}
    counts = {"new": 0, "changed": 0}
    for one in many:
        check(one, by=by)
        counts["changed" if _standing(one) else "new"] += 1
        made = _write(one, by=by, at=at, why=why, batch=batch)
        audit.record(
            "farmland.figure.taken_in",
            subject=made,
            by=by,
            at=at,
            data={**_data(made), "batch": batch.receipt if batch else ""},
        )
    fit({(one.division.parent_id or 0, one.year) for one in many}, by=by, at=at)
    return counts


@transaction.atomic
def explain(row: TownFigure, words: str, *, by: Actor, at: datetime) -> TownFigure:
    """Why a figure is out of line, as the town says it; the figure stays as it is."""
    held = keeping.locked(TownFigure, row)
    require(by, KEEP, held)
    if len(words.strip()) < 2:
        raise InputRefused(_("请写明原因，例如“新建蔬菜基地 1200 亩，用肥增加”。"), code="farmland.input.words")
    held.explained, held.explained_at, held.explained_by = words.strip()[:500], at, by.person
    held.save(update_fields=["explained", "explained_at", "explained_by"])
    audit.record("farmland.figure.explained", subject=held, by=by, at=at, data={**_data(held), "words": held.explained})
    fit({(held.division.parent_id or 0, held.year)}, by=by, at=at)
    return held


@transaction.atomic
def take_back(row: TownFigure, *, why: str, by: Actor, at: datetime) -> TownFigure:
    """A figure that should not stand at all."""
    _refuse_towns(row, by)
    held = keeping.take_back(SUBJECT, row, why=why, by=by, at=at)
    fit({(row.division.parent_id or 0, row.year)}, by=by, at=at)
    return TownFigure.objects.get(pk=held.pk)


def check(one: Reported, *, by: Actor) -> None:
    """Refuse what cannot be so."""
    figure = inputs().figures.get(one.figure)
    if figure is None:
        raise InputRefused(
            _("没有“%(key)s”这个指标：请在列表中选择。") % {"key": one.figure}, code="farmland.input.figure"
        )
    if not EARLIEST <= one.year <= by.today.year:
        raise InputRefused(
            _("年度 %(year)s 不对：应在 %(first)d 至 %(last)d 之间。")
            % {"year": one.year, "first": EARLIEST, "last": by.today.year},
            code="farmland.input.year",
        )
    _check_value(figure, one.value)
    _check_place(figure, one.division)
    place = place_at(one.division.path, by)
    require(by, KEEP, TownFigure(**place.columns))
    if source_of(one, by) != Source.STATISTICS and not one.document.strip():
        raise InputRefused(
            _("请写明佐证（报表、台账或者文件的名称编号）：不是统计年报的数据要有佐证。"),
            code="farmland.input.document",
        )
    held = _standing(one)
    if held is not None:
        _refuse_towns(held, by)


def source_of(one: Reported, by: Actor) -> str:
    """Where a figure comes from: what a town enters is the town's, whatever is said."""
    return Source.TOWN if _of_town(by) else one.source


def fit(of: Collection[tuple[int, int]], *, by: Actor, at: datetime) -> None:
    """Make what the towns of counties owe in years fit the figures: a word for each that is out of line or missing."""
    for county_id, year in of:
        county = Division.objects.filter(pk=county_id, level=Division.Level.COUNTY).first()
        if county is not None:
            _fit_county(county, year, by=by, day=clock.local_day(at))


def _fit_county(county: Division, year: int, *, by: Actor, day: date) -> None:
    book = found.book(system_actor("farmland", by.today), county, [year])
    owing = {line.town.pk for line in book.lines(year) if line.open}
    first = TownFigure.objects.filter(year=year, division_path__startswith=county.path).aggregate(
        day=Min("recorded_at")
    )
    if first["day"] is None:
        return
    since = clock.local_day(first["day"])
    wanted = []
    for town in book.towns:
        seat = Department.objects.filter(valid_on(by.today), division=town, kind=Department.Kind.TOWN).first()
        held = TownReturn.objects.filter(year=year, division=town).first()
        if town.pk not in owing and held is None:
            continue
        if held is None:
            keeper = seat or place_at(town.path, by).department
            held = TownReturn.objects.create(year=year, division=town, division_path=town.path, owner_department=keeper)
        spec = DutySpec(
            Duty.Kind.FARM_FIGURE,
            _("说明%(year)d年农业投入品数据：%(town)s") % {"year": year, "town": town.name},
            seat, basis=_("本平台缺省时限，未见规定"), period=str(year), since=since,
            working_days=inputs().plausible.explain_working_days, internal=True,
        )  # fmt: skip
        wanted.append((held, [Standing(spec, Life(since), None if town.pk in owing else _done(held, day))]))
    duties.fit(wanted, by=by)


def _done(held: TownReturn, day: date) -> date:
    """The day a town had said its last word: that of before where it was done already."""
    duty = Duty.objects.for_subject(held).first()
    return duty.done_on if duty and duty.done_on else day


def _check_value(figure: Figure, value: Decimal) -> None:
    most = Decimal(100) if figure.unit == "percent" else Decimal(10) ** 12
    if not 0 <= value <= most:
        raise InputRefused(
            _("“%(figure)s”的 %(value)s 不对：应在 0 至 %(most)s 之间，请核对单位。")
            % {"figure": called(figure), "value": shown(value), "most": f"{most:f}"},
            code="farmland.input.value",
        )
    if figure.unit == "percent" and 0 < value <= 1:
        raise InputRefused(
            _("“%(figure)s”的 %(value)s 像是小数：单位是 %%，%(whole)s%% 请填写 %(whole)s。")
            % {"figure": called(figure), "value": shown(value), "whole": shown(value * 100)},
            code="farmland.input.value",
        )
    if figure.unit == "number" and value != value.to_integral_value():
        raise InputRefused(
            _("“%(figure)s”的 %(value)s 不是整数：请核对。") % {"figure": called(figure), "value": value},
            code="farmland.input.value",
        )


def _check_place(figure: Figure, division: Division) -> None:
    if division.level not in found.LEVELS:
        raise InputRefused(
            _("“%(place)s”不是镇街、区县或者市：数据按镇街或者全区县登记。") % {"place": division.name},
            code="farmland.input.division",
        )
    if figure.of_place and division.level == Division.Level.TOWN:
        raise InputRefused(
            _("“%(figure)s”由区县统一测定，不按镇街登记：请登记到区县。") % {"figure": called(figure)},
            code="farmland.input.place_only",
        )


def _refuse_towns(held: TownFigure, by: Actor) -> None:
    """What the statistics bureau says is not changed by a town: it explains."""
    if held.source == Source.STATISTICS and _of_town(by):
        raise InputRefused(
            _("%(place)s %(year)d 年的“%(figure)s”来自统计年报，镇街不能改：请作异常说明。")
            % {"place": held.division.name, "year": held.year, "figure": name_of(held.figure)},
            code="farmland.input.bureau",
        )


def _of_town(by: Actor) -> bool:
    department = by.person.department if by.person else None
    return department is not None and department.kind == Department.Kind.TOWN


def name_of(key: str) -> str:
    """What a figure is called."""
    known = inputs().figures.get(key)
    return called(known) if known else key


def unit_of(key: str) -> str:
    """The unit a figure is kept in, in words."""
    return next(iter(inputs().units[inputs().figures[key].unit]))


def _standing(one: Reported) -> TownFigure | None:
    rows = TownFigure.objects.filter(superseded_at=None, year=one.year, division=one.division, figure=one.figure)
    return rows.select_related("division").first()


def _write(one: Reported, *, by: Actor, at: datetime, why: str, batch: Any = None) -> TownFigure:
    held = _standing(one)
    took_over = put_aside(held, why, at) if held is not None else {}
    place = place_at(one.division.path, by)
    facts = {
        "year": one.year, "division": one.division, "figure": one.figure, "value": one.value, "source": source_of(one, by),
        "document": one.document.strip()[:200], "note": one.note.strip()[:300],
        **took_over, "batch_id": batch.pk if batch else None,
    }  # fmt: skip
    return keeping.insert(TownFigure, facts, place, by=by, at=at)


def _named(one: Reported, held: TownFigure) -> dict[str, Any]:
    return {
        "place": one.division.name,
        "year": one.year,
        "figure": name_of(one.figure),
        "value": held.value.normalize(),
    }


def _data(row: TownFigure) -> dict[str, Any]:
    return {"year": row.year, "division": row.division.code, "figure": row.figure, "value": str(row.value)}

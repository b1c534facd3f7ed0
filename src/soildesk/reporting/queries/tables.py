"""Tables of reports: rows of the plans and of other rooms' registers in the words of a paper."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from soildesk.farmland.mu import to_mu
from soildesk.farmland.queries import rates
from soildesk.farmland.queries.then import Then
from soildesk.farmland.ratewords import why_word
from soildesk.farmland.usewords import kind_word
from soildesk.kit.languages import language
from soildesk.kit.measures import OUTCOME_PARTS, MeasureResult, Outcome
from soildesk.kit.sheets import plain as sheet_value
from soildesk.plans.queries import reported
from soildesk.plans.queries.statuses import Status
from soildesk.plans.wording import TASK_STATES
from soildesk.reporting.queries.counts import TASK, address, rows_of, within
from soildesk.reporting.queries.reading import Reading, plain
from soilrules.deadlines.tasks import TaskState

Words = str | Promise
PLAIN = re.compile(r"\d+(\.\d+)?")
NUMBERED = "no"
NUMBERS = frozenset(
    {NUMBERED, "all", "done", "overdue", "count", "entries", "leavings", "people", "mu", "points", "over", "open"}
)
"""Columns that hold numbers, as a form adds them up; codes and document numbers are words."""


def plain_number(text: str) -> bool:
    """Whether a cell of a table is a number and nothing else.

    >>> plain_number("12.5"), plain_number("约30"), plain_number("")
    (True, False, False)
    """
    return PLAIN.fullmatch(text) is not None


@dataclass(frozen=True)
class Row:
    """One row: its words by column key, and the record it tells of."""

    values: Mapping[str, str]
    type: str = ""
    uid: str = ""
    url: str = ""


@dataclass(frozen=True)
class Told:
    """A table as it was read: its rows; or None with why it cannot be. `missing` are (what, why) of cells nobody can fill."""

    rows: Sequence[Row] | None
    why: str = ""
    missing: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Table:
    """A table a report may hold: its id never changes its meaning. `columns` are (key, heading, share of the width)."""

    id: str
    title: Words
    columns: Sequence[tuple[str, Words, int]]
    run: Callable[[Reading], Told]


_tables: dict[str, Table] = {}


def tables() -> Mapping[str, Table]:
    """All tables by id."""
    return _tables


def table_of(
    table_id: str, title: Words, columns: Sequence[tuple[str, Words, int]], run: Callable[[Reading], Told]
) -> None:
    """Make a table known by its id and name."""
    _tables[table_id] = Table(table_id, title, [(NUMBERED, _("序号"), 6), *columns], run)


def numbered(rows: Iterable[Row]) -> Told:
    """Rows with their running numbers before them."""
    return Told([Row({NUMBERED: str(at), **row.values}, row.type, row.uid, row.url) for at, row in enumerate(rows, 1)])


def said(result: MeasureResult | None) -> str:
    """The current figure of an indicator as it is printed; empty where it is not known."""
    if result is None or result.numerator is None or result.outcome is Outcome.NOT_APPLICABLE:
        return ""
    if result.denominator:
        share = plain(Decimal(result.numerator) / Decimal(result.denominator) * 100)
        return f"{share}%（{plain(result.numerator)}/{plain(result.denominator)}{result.unit}）"
    return f"{plain(result.numerator)}{result.unit}"


def _tasks(wanted: Callable[[Status], bool]) -> Callable[[Reading], Told]:
    def run(reading: Reading) -> Told:
        if not reading.plans:
            return Told(None, _t("没有本年度已发布的方案。"))
        found = [one for one in reading.tasks if wanted(one)]
        units = reported.units_of(found)
        return numbered(_task_row(one, units.get(one.task.pk, "")) for one in found)

    return run


def _task_row(one: Status, units: str) -> Row:
    leading, checked = one.checked.leading, one.checked
    why = (
        str(leading.result.reason)
        if leading
        else str(checked.nothing.reason)
        if checked.nothing
        else _t("没有选定核对办法。")
    )
    values = {
        "plan": called(one.task.plan),
        "number": one.task.number,
        "task": one.task.heading,
        "section": one.task.section_key,
        "units": units,
        "deadline": one.task.deadline_text,
        "reported": str(TASK_STATES[one.standing.state][2]),
        "computed": str(OUTCOME_PARTS[checked.outcome][2]),
        "why": why,
    }
    return Row(values, TASK, str(one.task.uid))


def called(plan: Any) -> str:
    """A plan as a report names it: by its number where it has one."""
    return str(plan.doc_number or plan.title)


def _by_section(reading: Reading) -> Told:
    """The sections of each plan apart, in the order of print: like headings of two plans are two sections."""
    if not reading.plans:
        return Told(None, _t("没有本年度已发布的方案。"))
    found: dict[tuple[int, str], list[Status]] = {}
    for one in reading.tasks:
        found.setdefault((one.task.plan.pk, one.task.section_key), []).append(one)
    return numbered(
        Row(
            {
                "plan": called(rows[0].task.plan),
                "section": section or _t("（未分章节）"),
                "all": str(len(rows)),
                "done": str(sum(one.standing.state is TaskState.DONE for one in rows)),
                "overdue": str(sum(one.standing.state is TaskState.OVERDUE for one in rows)),
            }
        )
        for (_plan, section), rows in found.items()
    )


def _targets(reading: Reading) -> Told:
    if not reading.plans:
        return Told(None, _t("没有本年度已发布的方案。"))
    rows = numbered(
        Row(
            {
                "plan": called(one.plan),
                "name": one.name,
                "target": one.target,
                "value": said(one.result),
                "computed": str(OUTCOME_PARTS[one.outcome][2]),
                "why": _why(one),
            }
        )
        for one in reading.targets
    )
    missing = [
        (_t("指标 %(name)s 的现值") % {"name": one.name}, _why(one))
        for one in reading.targets
        if not said(one.result) and one.outcome is not Outcome.NOT_APPLICABLE
    ]
    return Told(rows.rows, missing=missing)


def _why(one: reported.Target) -> str:
    return str(one.result.reason) if one.result else _t("没有选定核算办法。")


def _collection(
    name: str, keys: Sequence[str], query: str = "", *, within_period: str = "", running: tuple[str, str] | None = None
) -> Callable[[Reading], Told]:
    """Rows of a register: all of the day, those whose day lies in the period, or those that ran in it (`running`: from, to)."""

    def run(reading: Reading) -> Told:
        found = rows_of(reading, name, query)
        if found is None:
            return Told(None, _t("您不能查阅这个登记册。"))
        columns = found.columns(keys)
        kept = [row for row in found.rows if not within_period or within(row.get(within_period), reading)]
        if running:
            kept = [row for row in kept if _ran(row[running[0]], row[running[1]], reading)]
        return numbered(
            Row({c.key: cell_words(c.told(row)) for c in columns}, found.register.name, str(row[found.register.key]), address(found, row))
            for row in kept
        )  # fmt: skip

    return run


def _ran(first: date | None, last: date | None, reading: Reading) -> bool:
    """Whether something that went from a day to a day touches the period up to the day spoken of."""
    ends = min(reading.period.last, reading.on)
    return first is not None and first <= ends and (last is None or last >= reading.period.first)


def cell_words(value: Any) -> str:
    """A cell of a register as a paper prints it."""
    shown = sheet_value(value)
    return f"{shown:%Y-%m-%d}" if isinstance(shown, date | datetime) else str(shown)


def _stages(reading: Reading) -> Told:
    found = rows_of(reading, "plots")
    if found is None:
        return Told(None, _t("您不能查阅这个登记册。"))
    (column,) = found.columns(["stage"])
    counted = Counter(cell_words(column.told(row)) for row in found.rows)
    return numbered(Row({"stage": name or _t("未定"), "count": str(count)}) for name, count in counted.most_common())


def _farmland_units(reading: Reading) -> Told:
    answer = rates.by_unit(reading.actor, rates.Place(reading.place.path, Then(reading.year, reading.on)))
    if answer.found is None:
        return Told(None, why_word(answer))
    return numbered(
        Row(
            {
                "unit": one.unit,
                "kind": str(kind_word(one.kind)),
                "mu": f"{to_mu(one.area_m2)}",
                "counts": _t("计入") if one.counts else _t("不计"),
                "because": one.because.sentence(language()),
            },
            "farmland.units",
        )
        for one in answer.found.rows
    )


TASK_COLUMNS = (
    ("plan", _("方案"), 11),
    ("number", _("任务编号"), 8),
    ("task", _("重点任务"), 20),
    ("units", _("责任单位"), 14),
    ("deadline", _("完成时限"), 10),
    ("reported", _("填报状态"), 8),
    ("computed", _("台账核算"), 8),
    ("why", _("核算说明"), 15),
)
LISTING = (
    ("number", _("地块编号"), 18), ("name", _("地块名称"), 22), ("town", _("乡镇（街道）"), 14), ("since", _("列入日期"), 12),
    ("document", _("列入文号"), 16), ("reason_in", _("列入原因"), 12),
)  # fmt: skip
_KEYS = [key for key, _title, _share in LISTING]
table_of("tasks.ledger", _("任务台账"), TASK_COLUMNS, _tasks(lambda one: True))
table_of("tasks.overdue_rows", _("逾期任务"), TASK_COLUMNS, _tasks(lambda one: one.standing.state is TaskState.OVERDUE))
table_of("tasks.disagreeing_rows", _("填报与核算不一致的任务"), TASK_COLUMNS, _tasks(lambda one: one.disagrees))
table_of(
    "tasks.by_section",
    _("各章节任务"),
    [
        ("plan", _("方案"), 22), ("section", _("章节"), 40), ("all", _("任务数"), 11), ("done", _("已完成"), 11),
        ("overdue", _("逾期"), 10),
    ],
    _by_section,
)  # fmt: skip
table_of(
    "indicators.targets",
    _("主要指标"),
    [
        ("plan", _("方案"), 14), ("name", _("指标"), 20), ("target", _("目标"), 14), ("value", _("现值"), 16),
        ("computed", _("核算"), 9), ("why", _("说明"), 21),
    ],
    _targets,
)  # fmt: skip
table_of("plots.suspected_rows", _("疑似污染地块名单"), LISTING, _collection("plot_listings", _KEYS, "list=suspected"))
table_of("plots.polluted_rows", _("污染地块名录"), LISTING, _collection("plot_listings", _KEYS, "list=polluted"))
table_of("plots.roster_rows", _("风险管控和修复名录"), LISTING, _collection("plot_listings", _KEYS, "list=roster"))
table_of("plots.by_stage", _("地块所处阶段"), [("stage", _("阶段"), 70), ("count", _("个数"), 24)], _stages)
table_of(
    "plots.notices_in_period",
    _("本期名单、名录文件"),
    [
        ("number", _("文号"), 22), ("title", _("标题"), 34), ("decided_on", _("成文日期"), 14), ("entries", _("列入"), 12),
        ("leavings", _("移出"), 12),
    ],
    _collection("plot_notices", ["number", "title", "decided_on", "entries", "leavings"], within_period="decided_on"),
)  # fmt: skip
table_of(
    "outreach.counted_rows",
    _("已开展并认定的宣传培训"),
    [
        ("topic", _("主题"), 36), ("audience", _("对象"), 18), ("held_on", _("开展日期"), 14), ("people", _("参加人数"), 12),
        ("office", _("组织单位"), 20),
    ],
    _collection("activities", ["topic", "audience", "held_on", "people", "office"], "state=counted", within_period="held_on"),
)  # fmt: skip
table_of(
    "farmland.unit_rows",
    _("受污染耕地单元"),
    [
        ("unit", _("单元"), 24), ("kind", _("类别"), 16), ("mu", _("面积（亩）"), 14), ("counts", _("是否计入"), 12),
        ("because", _("原因"), 28),
    ],
    _farmland_units,
)  # fmt: skip
table_of(
    "monitoring.campaigns",
    _("监测任务"),
    [
        ("number", _("编号"), 20), ("title", _("名称"), 28), ("kind", _("类型"), 12), ("state", _("状态"), 10),
        ("ends_on", _("完成时限"), 12), ("closed_on", _("完成日期"), 12),
    ],
    _collection("campaigns", ["number", "title", "kind", "state", "ends_on", "closed_on"], running=("starts_on", "ends_on")),
)  # fmt: skip

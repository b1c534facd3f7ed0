"""A round of 调度 as Word and Excel, from `told()` alone: in the office's own template where it has one, else in the desk's form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.kit import word
from soildesk.kit.exports import Sheet, SheetColumn, write_xlsx
from soildesk.kit.letters import store
from soildesk.kit.letters.store import Field, Purpose
from soildesk.kit.word import WordColumn
from soildesk.supervision.queries.rounds import told
from soildesk.supervision.queries.sheets import NUMBERS
from soildesk.supervision.roundwords import FREE_TITLES, NUMBER_TITLES

if TYPE_CHECKING:
    from soildesk.supervision.models import DispatchRound

HEAD: Sequence[tuple[str, Any]] = (
    ("number", _l("编号")), ("place", _l("地区")), ("period_words", _l("调度期")), ("on", _l("数据截至")), ("due", _l("填报时限")),
    ("told_on", _l("汇总日期")), ("office", _l("发起单位")), ("units", _l("单位数")), ("signed", _l("已签报数")),
)  # fmt: skip
UNIT: Sequence[tuple[str, Any]] = (
    ("unit", _l("责任单位")), ("state", _l("填报")), ("due", _l("填报时限")), ("signed_on", _l("签报日期")),
)  # fmt: skip
DIFFERENCE: Sequence[tuple[str, Any]] = (
    ("unit", _l("责任单位")), ("number", _l("任务编号")), ("task", _l("任务")), ("says", _l("单位填报")), ("records", _l("台账核算")), ("why", _l("核算说明")),
)  # fmt: skip
RANK: Sequence[tuple[str, Any]] = (
    ("unit", _l("单位")), ("good", _l("达到")), ("whole", _l("全部")), ("percent", _l("比例")), ("rank", _l("名次")), ("told", _l("说明")),
)  # fmt: skip
NUMBER_COLUMNS = [(name, NUMBER_TITLES[name]) for name in NUMBERS]
Columns = Sequence[tuple[str, Any]]
Rows = Sequence[Mapping[str, str]]


def _loop(name: str, columns: Columns) -> str:
    inside = " ".join(f"{{{{ row.{key} }}}}" for key, _title in columns)
    return f"{{%tr for row in {name} %}} {inside} {{%tr endfor %}}"


def fields() -> list[Field]:
    """Every name a template of the summary may use."""
    units = [*UNIT, *NUMBER_COLUMNS, *FREE_TITLES.items()]
    inside = "{{ t.title }} {{ t.group }} {{ t.formula }} {{ t.basis }} {{ t.mark }}"
    rows = " ".join(f"{{{{ row.{key} }}}}" for key, _title in RANK)
    return [
        *(Field(name, title) for name, title in HEAD),
        *(Field(f"numbers.{name}", _("全部单位：%(title)s") % {"title": title}) for name, title in NUMBER_COLUMNS),
        Field("sheets", _("各单位，逐行"), _loop("sheets", units)),
        Field("late", _("逾期的单位，逐行"), _loop("late", UNIT)),
        Field("missing", _("未报的单位，逐行"), _loop("missing", UNIT)),
        Field("returned", _("退回过的单位，逐行"), _loop("returned", UNIT)),
        Field("differences", _("填报与台账不一致，逐行"), _loop("differences", DIFFERENCE)),
        Field(
            "ranking",
            _("排名，逐项逐行"),
            f"{{%p for t in ranking %}} {inside} {{%p for row in t.rows %}} {rows} {{%p endfor %}} {{%p endfor %}}",
        ),
    ]


def sample() -> dict[str, Any]:
    """A summary with every field filled: an uploaded template is tried with it."""
    one = _("样例")
    unit = {name: one for name, _title in (*UNIT, *NUMBER_COLUMNS, *FREE_TITLES.items())} | {"short": one}
    ranks = {name: one for name in ("id", "title", "formula", "basis", "mark", "group")}
    return {
        **{name: one for name, _title in HEAD},
        "period": one,
        "numbers": {name: one for name in NUMBERS},
        **{name: [unit, unit] for name in ("sheets", "late", "missing", "returned")},
        "differences": [{name: one for name, _title in DIFFERENCE}],
        "ranking": [{**ranks, "rows": [{name: one for name, _title in RANK}]}],
    }


PURPOSE = store.register(Purpose("supervision.round", _l("调度汇总"), fields, sample))


def docx(one: DispatchRound, on: date) -> bytes:
    """The summary as .docx."""
    said = told(one, one.closed_on or on)
    template = store.current(PURPOSE.id, one.owner_department)
    return store.made(template, said) if template is not None else _plain(said)


def _plain(said: Mapping[str, Any]) -> bytes:
    document = word.a4(landscape=True)
    title = _("%(place)s%(period)s调度汇总") % {"place": said["place"], "period": said["period_words"]}
    word.paragraph(document, title, word.TITLE)
    word.paragraph(
        document,
        "　".join(f"{name}：{said[key]}" for key, name in HEAD if key not in ("place", "period_words")),
        word.SUBTITLE,
    )
    for name, columns, rows in _tables(said):
        word.paragraph(document, name, word.HEADING)
        if rows:
            word.table(
                document, [WordColumn(str(each), 100 // len(columns)) for _key, each in columns], _cells(columns, rows)
            )
        else:
            word.paragraph(document, _("　　没有。"))
    for each in said["ranking"]:
        word.paragraph(document, _("排名：%(title)s（%(group)s）") % each, word.HEADING)
        word.paragraph(document, f"{each['formula']}（{each['basis']}，{each['mark']}）", word.NOTE)
        word.table(
            document, [WordColumn(str(title), 100 // len(RANK)) for _key, title in RANK], _cells(RANK, each["rows"])
        )
    return word.saved(document)


def _tables(said: Mapping[str, Any]) -> Iterator[tuple[str, Columns, Rows]]:
    columns = [*UNIT[:2], *UNIT[3:], *NUMBER_COLUMNS]
    whole = {name: "" for name, _title in columns} | {"unit": _("合计")} | said["numbers"]
    yield _("各单位汇总"), columns, [*said["sheets"], whole]
    yield _("各单位补充情况"), [*UNIT[:1], *FREE_TITLES.items()], said["sheets"]
    yield _("未报的单位"), UNIT, said["missing"]
    yield _("逾期的单位"), UNIT, said["late"]
    yield _("填报与台账不一致的任务"), DIFFERENCE, said["differences"]


def _cells(columns: Columns, rows: Rows) -> list[list[str]]:
    return [[row[key] for key, _title in columns] for row in rows]


def xlsx(one: DispatchRound, on: date) -> bytes:
    """The summary as .xlsx: a sheet for each table, one for each item that is ranked."""
    said = told(one, one.closed_on or on)
    note = _("%(place)s%(period)s · 数据截至 %(on)s") % {
        "place": said["place"],
        "period": said["period_words"],
        "on": said["on"],
    }
    sheets = [_sheet(name, columns, rows, note) for name, columns, rows in _tables(said)]
    for at, each in enumerate(said["ranking"], 1):
        name = f"{at}.{each['title']}（{each['group']}）"
        sheets.append(_sheet(name, RANK, each["rows"], f"{each['formula']}（{each['basis']}，{each['mark']}）"))
    out = BytesIO()
    write_xlsx(sheets, out)
    return out.getvalue()


def _sheet(name: str, columns: Columns, rows: Rows, note: str) -> Sheet:
    numeric = {name for name, _title in NUMBER_COLUMNS} | {"good", "whole", "rank"}
    told = [
        SheetColumn(str(title), 30 if key in ("task", "why", "told", *FREE_TITLES) else 14) for key, title in columns
    ]
    values = [[_number(row[key]) if key in numeric else row[key] for key, _title in columns] for row in rows]
    return Sheet(name, told, values, title=name, note=note)


def _number(text: str) -> Any:
    """A number where it is one, else the text: nothing is not zero."""
    try:
        return float(text)
    except ValueError:
        return text

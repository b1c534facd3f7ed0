"""What an exported ledger is made of: plain rows, no tables of the desk behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

PATH_MARK = " / "  # between the headings a section stands under
NAME_MARK = "、"


@dataclass(frozen=True)
class ExportMilestone:
    """One term of a task: as printed, what is due by then, the due day where the words fix one."""

    text: str
    due: date | None = None
    what: str = ""
    kind: str = "date"  # soilrules.deadlines.model.DeadlineKind
    internal: bool = False  # 内部时限: ours, not the plan's


@dataclass(frozen=True)
class ExportRow:
    """One task of the ledger. Units by name as printed; `deadline` is the day that closes the task."""

    uid: str
    number: str  # as printed, "" where the plan gives none
    title: str  # 重点工作
    text: str  # 目标任务
    deadline_text: str  # 完成时限 as printed
    deadline: date | None = None
    deadline_alt: tuple[date, ...] = ()  # other defensible days
    ongoing: bool = False  # 长期
    lead: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    responsible: tuple[str, ...] = ()
    state: str = ""  # 未开始, 进行中 … on the day of the export, "" where not asked for
    progress: str = ""  # the last progress entry
    milestones: tuple[ExportMilestone, ...] = ()
    because: tuple[str, ...] = ()  # why units are on it that its own words do not name (a universal clause)
    quote: str = ""  # the clause as published, with its bracket
    body_start: int = 0  # offset in `text` after a run-in title
    line: int | None = None  # line of the published text
    spans: Mapping[str, Any] = field(default_factory=dict)  # where its fields stand in the published text

    @property
    def standing(self) -> str:
        """What the 进展情况 column prints."""
        mark = f"【{self.state}】" if self.state else ""
        return f"{mark}{self.progress}"


@dataclass(frozen=True)
class ExportSection:
    """Rows under one heading; `path` is the headings, outermost first, empty where there is none."""

    path: tuple[str, ...]
    rows: tuple[ExportRow, ...]

    @property
    def title(self) -> str:
        return PATH_MARK.join(self.path)


@dataclass(frozen=True)
class ExportIndicator:
    """A named quantity with its target; comparator is >= <= = ~ or text."""

    name: str
    target: float | str | None
    comparator: str
    year: int | None = None
    unit: str = ""
    quote: str = ""
    scope: str = "goal"

    @property
    def shown_target(self) -> str:
        """The target as people write it.

        >>> ExportIndicator("安全利用率", 93.0, ">=", 2026, "%").shown_target
        '≥93%'
        """
        if self.target is None:
            return "/"
        sign = {">=": "≥", "<=": "≤", "~": "约"}.get(self.comparator, "")
        value = f"{self.target:g}" if isinstance(self.target, int | float) else self.target
        return f"{sign}{value}{self.unit if isinstance(self.target, int | float) else ''}"


@dataclass(frozen=True)
class LedgerExport:
    """A ledger as it goes out: 任务分工明细表 of one plan on one day."""

    title: str
    sections: tuple[ExportSection, ...]
    doc_number: str = ""
    issuer: str = ""
    issued_on: date | None = None
    region: str = ""
    as_of: date | None = None  # the day whose states are shown
    prepared_by: str = ""  # 编制单位
    indicators: tuple[ExportIndicator, ...] = ()
    universal_clause: str = ""
    universal_units: tuple[str, ...] = ()
    universal_role: str = "responsible"

    def rows(self) -> Iterator[tuple[ExportSection, ExportRow]]:
        """Every row with its section."""
        for section in self.sections:
            for row in section.rows:
                yield section, row

    @property
    def heading(self) -> str:
        """The title line of the form."""
        return self.title if self.title.endswith("表") else f"{self.title}任务分工明细表"

    @property
    def notes(self) -> tuple[str, ...]:
        """The lines under the title that say whose the form is and of what day."""
        said = (
            ("编制单位", self.prepared_by or self.issuer),
            ("文号", self.doc_number),
            ("发文日期", chinese_date(self.issued_on)),
            ("进展截至", chinese_date(self.as_of)),
        )
        return tuple(f"{label}：{value}" for label, value in said if value)


def chinese_date(day: date | None) -> str:
    """2026年9月30日, "" for no day."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


@dataclass(frozen=True)
class FormColumn:
    """A column of the form; `share` of the page's width in hundredths."""

    title: str
    share: int
    centred: bool = False


COLUMNS = (
    FormColumn("序号", 5, centred=True),
    FormColumn("重点工作", 13),
    FormColumn("目标任务", 29),
    FormColumn("完成时限", 9, centred=True),
    FormColumn("牵头单位", 12),
    FormColumn("配合单位", 12),
    FormColumn("责任单位", 10),
    FormColumn("进展情况", 10),
)
UID_TITLE = "任务编码（勿改）"  # a hidden column of the Excel file: a row that comes back is known by it


def cells(row: ExportRow) -> list[str]:
    """The words of a row, by COLUMNS."""
    units = [NAME_MARK.join(names) for names in (row.lead, row.support, row.responsible)]
    return [row.number, row.title, row.text, row.deadline_text, *units, row.standing]

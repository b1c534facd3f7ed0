"""Last year's Excel ledger read back: officials' own layouts, every row with a verdict, nothing lost.

The header is found by its words, in any order and over one row or several; section rows, merged
cells, repeated headers and several sheets are understood. Columns the desk has no place for are kept
under their headings; lines outside the tables are kept too. Nothing is written anywhere: this only reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from soildesk.core.sandbox import sheets_in_child
from soildesk.plans.exports.rows import PATH_MARK
from soildesk.plans.ledger_layout import EXTRA, GridRow, Header, grid_of, header_at, is_section, lone_text
from soilrules.deadlines.choose import closing_term
from soilrules.deadlines.model import Deadline, DeadlineKind
from soilrules.deadlines.parse import parse
from soilrules.plantext.alignment import EMPTY
from soilrules.plantext.columns import UNIT_KINDS
from soilrules.plantext.draft import Role
from soilrules.plantext.formats.sheets import Sheet
from soilrules.plantext.normalise import fold, mask_noise
from soilrules.plantext.source import Words
from soilrules.plantext.units import units_in

YEAR = re.compile(r"(20\d{2})\s*年")
STATE = re.compile(r"^【([^】]{1,10})】\s*")
CLOSING_LINE = re.compile(r"^(?:注|备注|说明|填表|填报|制表|联系|审核)[^。]{0,8}[：:]")
ROLES = {"lead": Role.LEAD, "support": Role.SUPPORT, "responsible": Role.RESPONSIBLE}
SENTENCES = {
    "no_text": _(
        "工作表“%(sheet)s”第 %(row)s 行有内容（%(found)s），但没有写任务，无法成为一项任务。请在“%(column)s”一栏补上任务内容。"
    ),
    "deadline_unread": _(
        "工作表“%(sheet)s”第 %(row)s 行“%(column)s”写的是“%(found)s”，认不出日期。请写成“9月底前”“2026年9月30日”“长期”等。"
    ),
    "units_unread": _(
        "工作表“%(sheet)s”第 %(row)s 行“%(column)s”写的是“%(found)s”，认不出单位。请写单位名称，多个单位用顿号分开。"
    ),
    "no_unit": _("工作表“%(sheet)s”第 %(row)s 行没有写任何单位。导入后请在审核时补上责任单位。"),
    "text_repeats": _(
        "工作表“%(sheet)s”第 %(row)s 行与上一行共用一段任务内容，仍作为单独一项。如属同一任务，请在审核时合并。"
    ),
    "uid_twice": _(
        "工作表“%(sheet)s”第 %(row)s 行的任务编码与第 %(other)s 行相同，已不作为编码使用。请检查是否复制了整行。"
    ),
    "no_header": _(
        "工作表“%(sheet)s”里没有找到表头，应有“任务”一栏和“时限”“牵头单位”“责任单位”“序号”等栏中的一栏。这张表的 %(count)s 行原样保留，没有读成任务。"
    ),
    "unknown_columns": _("工作表“%(sheet)s”的 %(columns)s 不是台账的栏目，内容原样保留在每项任务的附加栏里。"),
    "no_unit_columns": _("工作表“%(sheet)s”没有牵头、配合、责任单位的栏目。导入后请在审核时补上责任单位。"),
    "no_rows": _("这份文件里没有读到任务。应为每行一项任务的表格，表头写明任务、时限和单位。"),
}
REFUSING = {"no_text"}


class RowOutcome(StrEnum):
    """What becomes of a row."""

    OK = "ok"
    WARNING = "warning"  # taken in, a person should look
    REFUSED = "refused"  # not a task


@dataclass(frozen=True)
class Finding:
    """Something to know about a row or a sheet; `code` never changes."""

    code: str
    params: dict[str, str | int]

    def sentence(self) -> str:
        return gettext(SENTENCES[self.code]) % self.params


@dataclass(frozen=True)
class LedgerRow:
    """One row of the ledger as read; `row` is its number in the sheet."""

    sheet: str
    row: int
    section: tuple[str, ...]
    number: str
    title: str  # 重点工作, "" where the sheet has one column of tasks
    text: str  # 目标任务
    deadline_text: str
    deadlines: tuple[Deadline, ...]
    lead: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    responsible: tuple[str, ...] = ()
    state: str = ""
    progress: str = ""
    note: str = ""
    uid: str = ""
    extra: dict[str, str] = field(default_factory=dict)  # columns the desk has no place for, by heading
    findings: tuple[Finding, ...] = ()

    @property
    def outcome(self) -> RowOutcome:
        """ok, warning or refused."""
        if any(finding.code in REFUSING for finding in self.findings):
            return RowOutcome.REFUSED
        return RowOutcome.WARNING if self.findings else RowOutcome.OK

    @property
    def ongoing(self) -> bool:
        return any(term.kind is DeadlineKind.STANDING for term in self.deadlines)

    @property
    def closing(self) -> Deadline | None:
        """The term that closes the task, None where the words fix no day."""
        choice = closing_term(self.deadlines)
        return choice.term if choice else None


@dataclass(frozen=True)
class LooseLine:
    """A row that is no task and no heading: kept as it stands."""

    sheet: str
    row: int
    text: str


@dataclass(frozen=True)
class LedgerWorkbook:
    """A ledger as read: rows with verdicts, what stands around them, and findings on whole sheets."""

    title: str
    year: int | None
    rows: tuple[LedgerRow, ...]
    lines: tuple[LooseLine, ...]
    findings: tuple[Finding, ...]


def read_ledger_workbook(data: bytes, filename: str = "", *, year: int | None = None) -> LedgerWorkbook:
    """Read an uploaded ledger in a limited child process.

    `year` is the plan's year for terms like 9月底前; without it the year of the title counts, then that of
    the file name. Raises
    UnreadableFile where the file itself cannot be read.
    """
    return read_ledger(sheets_in_child(data, filename), filename, year=year)


def read_ledger(sheets: Sequence[Sheet], filename: str = "", *, year: int | None = None) -> LedgerWorkbook:
    """Read the sheets of a ledger; pure."""
    grids = [(sheet.name, grid_of(sheet)) for sheet in sheets if sheet.rows]
    with_tasks = sum(_first_header(rows) is not None for _name, rows in grids)
    title = next((title for _name, rows in grids if (title := _title(rows))), "")
    told = YEAR.search(fold(title)) or YEAR.search(fold(filename))
    plan_year = year or (int(told[1]) if told else None)
    readings = [_SheetReading(name, plan_year, with_tasks > 1) for name, _rows in grids]
    for reading, (_name, rows) in zip(readings, grids, strict=True):
        reading.read(rows)
    rows = _distinct_uids([row for reading in readings for row in reading.rows])
    findings = [finding for reading in readings for finding in reading.findings]
    if not rows:
        findings.append(Finding("no_rows", {}))
    lines = [line for reading in readings for line in reading.lines if line.text != title]
    return LedgerWorkbook(title, plan_year, tuple(rows), tuple(lines), tuple(findings))


def _first_header(rows: Sequence[GridRow]) -> int | None:
    return next((at for at in range(len(rows)) if header_at(rows, at)), None)


def _title(rows: Sequence[GridRow]) -> str:
    """The first line above the header."""
    header = _first_header(rows) or 0
    return next((lone.text for row in rows[:header] if (lone := lone_text(row))), "")


def _distinct_uids(rows: list[LedgerRow]) -> list[LedgerRow]:
    """A copied row keeps its words but not the id of the row it was copied from."""
    seen: dict[str, int] = {}
    kept: list[LedgerRow] = []
    for row in rows:
        if row.uid and row.uid in seen:
            params: dict[str, str | int] = {"sheet": row.sheet, "row": row.row, "other": seen[row.uid]}
            row = replace(row, uid="", findings=(*row.findings, Finding("uid_twice", params)))
        seen.setdefault(row.uid, row.row)
        kept.append(row)
    return kept


@dataclass
class _SheetReading:
    """Walks one sheet from top to bottom."""

    sheet: str
    year: int | None
    name_is_section: bool
    rows: list[LedgerRow] = field(default_factory=list)
    lines: list[LooseLine] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    section: tuple[str, ...] = ()

    def read(self, rows: Sequence[GridRow]) -> None:
        header: Header | None = None
        at = 0
        while at < len(rows):
            found = header_at(rows, at)
            if found:
                if header is None or found.headings != header.headings:
                    self._look_at_columns(found)
                header = found
                at += found.depth
                continue
            self._row(rows[at], header)
            at += 1
        if header is None:
            self._find("no_header", count=len(rows))

    def _row(self, row: GridRow, header: Header | None) -> None:
        lone = lone_text(row)
        if header is None or (lone and CLOSING_LINE.match(lone.text)):
            words = [place.text for place in row.places if place.text and place.own]
            self.lines.append(LooseLine(self.sheet, row.number, "　".join(words)))
        elif is_section(row, header) and lone:
            self.section = tuple(lone.text.split(PATH_MARK))
        elif any(place.text and place.own for place in row.places):
            self.rows.append(_RowReading(self, row, header).ledger_row())

    def _look_at_columns(self, header: Header) -> None:
        if header.unknown:
            self._find("unknown_columns", columns="、".join(f"“{heading}”" for heading in header.unknown))
        if not header.columns(*UNIT_KINDS):
            self._find("no_unit_columns")

    def _find(self, code: str, **params: str | int) -> None:
        self.findings.append(Finding(code, {"sheet": self.sheet, **params}))

    @property
    def path(self) -> tuple[str, ...]:
        return (self.sheet, *self.section) if self.name_is_section else self.section


class _RowReading:
    """Reads one task row under its header."""

    def __init__(self, sheet: _SheetReading, row: GridRow, header: Header) -> None:
        self.sheet, self.row, self.header = sheet, row, header
        self.findings: list[Finding] = []

    def ledger_row(self) -> LedgerRow:
        outer, title, text = self._task()
        deadline_text = "；".join(self._texts("deadline"))
        units = self._units()
        progress = "；".join(self._texts("progress"))
        state = STATE.match(progress)
        terms = self._terms(deadline_text)
        self._look_at(text, units)
        return LedgerRow(
            sheet=self.sheet.sheet,
            row=self.row.number,
            section=(*self.sheet.path, *outer),
            number=next(iter(self._texts("number")), ""),
            title=title,
            text=text,
            deadline_text=deadline_text,
            deadlines=terms,
            lead=units[Role.LEAD],
            support=units[Role.SUPPORT],
            responsible=units[Role.RESPONSIBLE],
            state=state[1] if state else "",
            progress=progress[state.end() :] if state else progress,
            note="；".join(self._texts("note")),
            uid=next(iter(self._texts("uid")), ""),
            extra=dict(self._extra()),
            findings=tuple(self.findings),
        )

    def _texts(self, *kinds: str) -> list[str]:
        """Distinct texts of the columns of these kinds, from left to right."""
        return list(dict.fromkeys(text for column in self.header.columns(*kinds) if (text := self.row.text(column))))

    def _task(self) -> tuple[list[str], str, str]:
        """Outer titles (类别 …), title and text of the task."""
        columns = self.header.columns("task", "text")
        body = self.header.columns("text") or columns[-1:]
        text = "\n".join(dict.fromkeys(filter(None, map(self.row.text, body))))
        titles = [title for column in columns if column not in body and (title := self.row.text(column))]
        titles = list(dict.fromkeys(title for title in titles if title != text))
        if not text and titles:
            text = titles.pop()
        return titles[:-1], titles[-1] if titles else "", text

    def _terms(self, text: str) -> tuple[Deadline, ...]:
        terms = parse(fold(text), plan_year=self.sheet.year)
        if text and not terms and not EMPTY.match(fold(text)):
            self._find("deadline_unread", column=self._heading("deadline"), found=text)
        return terms

    def _units(self) -> dict[Role, tuple[str, ...]]:
        """Units by role; a role word in a cell beats its column."""
        found: dict[Role, dict[str, None]] = {role: {} for role in Role}
        for column in self.header.columns(*UNIT_KINDS):
            text = self.row.text(column)
            named = list(units_named(text, ROLES[self.header.kinds[column]]))
            for name, role in named:
                found[role][name] = None
            if text and not named and not EMPTY.match(fold(text)):
                self._find("units_unread", column=self.header.headings[column], found=text)
        return {role: tuple(names) for role, names in found.items()}

    def _look_at(self, text: str, units: dict[Role, tuple[str, ...]]) -> None:
        columns = self.header.columns("task", "text")
        if not text:
            words = "、".join(place.text for place in self.row.places if place.text and place.own)
            self._find("no_text", column=self.header.headings[columns[-1]], found=words[:40])
        elif not any(self.row.places[column].own and self.row.text(column) for column in columns):
            self._find("text_repeats")
        if self.header.columns(*UNIT_KINDS) and not any(units.values()) and text and not self._said("units_unread"):
            self._find("no_unit")

    def _extra(self) -> Iterator[tuple[str, str]]:
        for column in self.header.columns(EXTRA):
            if self.row.text(column):
                yield self.header.headings[column] or f"第{column + 1}列", self.row.text(column)

    def _heading(self, kind: str) -> str:
        return self.header.headings[self.header.columns(kind)[0]]

    def _said(self, code: str) -> bool:
        return any(finding.code == code for finding in self.findings)

    def _find(self, code: str, **params: str | int) -> None:
        self.findings.append(Finding(code, {"sheet": self.sheet.sheet, "row": self.row.number, **params}))


def units_named(text: str, column: Role) -> Iterator[tuple[str, Role]]:
    """Names and roles of the units in a cell, by the plan reader's own grammar."""
    words = Words(text, mask_noise(fold(text)))
    start, end = words.add([(0, len(text))])
    words.finish()
    for unit in units_in(words, start, end, column):
        yield words.printed[unit.start : unit.end], unit.role

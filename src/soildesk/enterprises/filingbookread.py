"""The workbook of a firm come back: what every row would do, and whether the whole may be taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core import signing
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor
from soildesk.core.sandbox import sheets_in_child
from soildesk.enterprises.filingbook import NEW, OPEN, SUBJECT, Slot
from soildesk.enterprises.filingforms import FORMS, Entry
from soildesk.enterprises.filingvalues import Read, read, shown
from soildesk.enterprises.models import EnterpriseVersion, Filing
from soildesk.enterprises.queries import filings as found
from soildesk.enterprises.refusals import FilingRefused
from soilrules.plantext.formats import UnreadableFile

PACKED = "soildesk.enterprises.filingbook.taken"
SECONDS = 2 * 60 * 60
"""How long a preview may be confirmed."""
WORDS = 1  # of the cells after the hidden one: the title, then what was filled in


@dataclass(frozen=True, slots=True)
class Line:
    """One row and its verdict: new, changed, same, refused."""

    sheet: str
    row: int
    what: str
    value: str
    verdict: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    sheet: str
    number: int
    id: str
    cells: tuple[str, ...]  # from the second column on


@dataclass(slots=True)
class _Typed:
    """What stands in the sheet of one slot, and in which rows."""

    values: dict[str, Any] = field(default_factory=dict)
    places: dict[str, list[_Row]] = field(default_factory=dict)


@dataclass(slots=True)
class Book:
    """What came back: rows with their verdicts, and what is to be kept, by slot."""

    lines: list[Line] = field(default_factory=list)
    typed: dict[Slot, dict[str, Any]] = field(default_factory=dict)

    @property
    def refused(self) -> list[Line]:
        """Rows that cannot be taken."""
        return [one for one in self.lines if one.verdict == "refused"]

    @property
    def may_be_taken(self) -> bool:
        """All or nothing: no row refused, and something to write."""
        return not self.refused and bool(self.typed)


@dataclass(frozen=True, slots=True)
class Expected:
    """Whose workbook is expected, of which year, and which filings of the firm there are."""

    pk: int
    firm: str
    year: str
    held: Mapping[str, Filing]


def understood(data: bytes, name: str, firm: EnterpriseVersion, year: str, actor: Actor) -> Book:
    """The rows of a workbook with their verdicts. Raises FilingRefused where there is nothing of ours in it."""
    rows = found.seen(actor).filter(enterprise=firm.enterprise_id, on_paper=False)
    expected = Expected(firm.enterprise_id, str(firm.enterprise.uid), year, {str(one.uid): one for one in rows})
    book, typed = Book(), {}
    for row in _rows(data, name):
        _sort(row, expected, book, typed)
    for slot, said in typed.items():
        _judge(slot, said, expected, book, actor)
    if not book.lines:
        raise FilingRefused(
            _("“%(name)s”里没有填写任何内容，或不是从本页下载的表格：请下载本单位本年度的表格填写。") % {"name": name},
            code="enterprises.filing.sheet",
        )
    return book


def _rows(data: bytes, name: str) -> Iterator[_Row]:
    try:
        sheets = sheets_in_child(data, name)
    except UnreadableFile as error:
        language = "en" if (get_language() or "").startswith("en") else "zh"
        raise FilingRefused(error.sentence(language), code="enterprises.filing.sheet") from error
    for sheet in sheets:
        for row in sheet.rows:
            cells = {cell.column: cell.text.strip() for cell in row.cells}
            after = tuple(cells.get(at, "") for at in range(1, max(cells, default=0) + 1))
            yield _Row(sheet.name, row.number, cells.get(0, ""), after)


def _sort(row: _Row, expected: Expected, book: Book, typed: dict[Slot, _Typed]) -> None:
    """Put a row to its slot, or refuse it; headings have no id."""
    if not row.id:
        return
    text, _mark, name = row.id.rpartition("#")
    slot = Slot.of(text)
    entry = _entry(slot, name)
    why = _foreign(slot, expected) if slot and entry else _("编号被改动：请重新下载表格填写。")
    if slot is None or entry is None or why:
        if any(row.cells[WORDS:]) or (not why and any(row.cells)):
            book.lines.append(Line(row.sheet, row.number, row.cells[0], "", "refused", why))
        return
    said = typed.setdefault(slot, _Typed())
    if entry.kind == "rows":
        values = dict(zip((one.name for one in entry.columns), row.cells, strict=False))
        if any(values.values()):
            said.values.setdefault(name, []).append(values)
            said.places.setdefault(name, []).append(row)
        return
    said.values[name] = row.cells[WORDS] if len(row.cells) > WORDS else ""
    said.places[name] = [row]


def _entry(slot: Slot | None, name: str) -> Entry | None:
    if slot is None or slot.kind not in FORMS:
        return None
    form = FORMS[slot.kind]
    if name == SUBJECT:
        return Entry(SUBJECT, form.subject)
    return next((one for one in form.entries if one.name == name), None)


def _foreign(slot: Slot, expected: Expected) -> str:
    """Why a row is not one of this firm's workbook of this year."""
    if slot.firm != expected.firm:
        return _("这一行不是本单位的表格：请用本单位下载的表格填写。")
    if slot.year != expected.year:
        return _("这一行是 %(year)s 年的表格：请在该年度导入。") % {"year": slot.year}
    filing = expected.held.get(slot.filing)
    if slot.filing != NEW and (filing is None or filing.state not in OPEN):
        return _("这份申报已报送或已撤回，不能再改：请重新下载表格。")
    return ""


def _judge(slot: Slot, said: _Typed, expected: Expected, book: Book, actor: Actor) -> None:
    """The verdicts of one sheet; what is only not filled in yet is no fault of a draft."""
    form, subject, filing = FORMS[slot.kind], said.values.get(SUBJECT, ""), expected.held.get(slot.filing)
    known = filing.data if filing else read(form, found.known(expected.pk, slot.kind, actor.today), actor.today).data
    if filing is None and not subject and _untouched(form.entries, said.values, known):
        return
    if filing is None and form.subject and not subject:
        place = said.places.get(SUBJECT, [next(iter(said.places.values()))[0]])[0]
        told = _("没有写明“%(what)s”：请填写。") % {"what": form.subject}
        book.lines.append(Line(place.sheet, place.number, str(form.subject), "", "refused", told))
    got, before = read(form, said.values, actor.today), len(book.lines)
    for entry in form.entries:
        for number, row in enumerate(said.places.get(entry.name, []), 1):
            told = _told(entry, number, said.values, got)
            if line := _line(entry, row, told, (known.get(entry.name), got.data.get(entry.name), number)):
                book.lines.append(line)
    if any(one.verdict in ("new", "changed") for one in book.lines[before:]) or (filing is None and subject):
        book.typed[slot] = said.values


def _untouched(entries: tuple[Entry, ...], values: Mapping[str, Any], known: Mapping[str, Any]) -> bool:
    """Whether nothing was filled in beside what the desk had put there."""
    return all(not values.get(one.name) or known.get(one.name) is not None for one in entries)


def _told(entry: Entry, number: int, values: Mapping[str, Any], got: Read) -> str:
    """What is wrong with what was filled in; an empty cell is not wrong yet."""
    if entry.kind != "rows":
        return got.problems.get(entry.name, "") if values.get(entry.name) else ""
    row = values[entry.name][number - 1]
    found_wrong = [
        got.problems.get(f"{entry.name}.{number}.{one.name}", "") for one in entry.columns if row.get(one.name)
    ]
    return "".join(found_wrong)


def _line(entry: Entry, row: _Row, told: str, values: tuple[Any, Any, int]) -> Line | None:
    before, after, number = values
    if entry.kind == "rows":
        title, text = f"{entry.title} {number}", "，".join(one for one in row.cells if one)
        rows = before or []
        before = rows[number - 1] if number <= len(rows) else None
        after = after[number - 1] if after and number <= len(after) else None
    else:
        title, text = str(entry.title), row.cells[WORDS] if len(row.cells) > WORDS else ""
    if told:
        return Line(row.sheet, row.number, title, text, "refused", told)
    if not text and before is None:
        return None
    if before == after:
        return Line(row.sheet, row.number, title, text, "same")
    if before is None:
        return Line(row.sheet, row.number, title, text, "new")
    old = "" if entry.kind == "rows" else _("原为 %(old)s") % {"old": shown(entry, before)}
    return Line(row.sheet, row.number, title, text, "changed", old)


def packed(book: Book, firm: EnterpriseVersion) -> str:
    """What was looked at, signed, so that exactly that is taken."""
    said = [[slot.id, values] for slot, values in book.typed.items()]
    return signing.dumps({"firm": str(firm.enterprise.uid), "said": said}, salt=PACKED, compress=True)


def unpacked(text: str, firm: EnterpriseVersion) -> list[tuple[Slot, dict[str, Any]]]:
    """What was looked at. Raises FilingRefused where it is not what this desk showed of this firm, or too old."""
    try:
        given = signing.loads(text, salt=PACKED, max_age=SECONDS)
    except signing.BadSignature:
        given = {"firm": "", "said": []}
    found_slots = [(Slot.of(one), values) for one, values in given["said"]]
    if given["firm"] != str(firm.enterprise.uid) or any(slot is None for slot, _values in found_slots):
        raise FilingRefused(_("预览已过期：请重新选择文件。"), code="enterprises.filing.sheet")
    return [(slot, values) for slot, values in found_slots if slot is not None]

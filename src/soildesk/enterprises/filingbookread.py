"""The workbook of a firm come back: what every row would do, and whether the whole may be taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import override

from soildesk.core.permissions import Actor
from soildesk.core.sandbox import sheets_in_child
from soildesk.enterprises.filingbook import NEW, OPEN, SUBJECT, Slot
from soildesk.enterprises.filingforms import FORMS, Entry
from soildesk.enterprises.filingvalues import Read, read, shown
from soildesk.enterprises.models import EnterpriseVersion, Filing
from soildesk.enterprises.queries import filings as found
from soildesk.enterprises.refusals import FilingRefused
from soildesk.kit.languages import language
from soilrules.plantext.formats import UnreadableFile

PACKED = "soildesk.enterprises.filingbook.taken"
SECONDS = 2 * 60 * 60
"""How long a preview may be confirmed."""
WORDS = 1  # of the cells after the hidden one: the title, then what was filled in
LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Line:
    """One row and its verdict: new, changed, same, missing (to be filled in before it is sent), refused."""

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
    filed = found.seen(actor).filter(enterprise=firm.enterprise_id, on_paper=False)
    expected = Expected(firm.enterprise_id, str(firm.enterprise.uid), year, {str(one.uid): one for one in filed})
    book, typed = Book(), {}
    rows = list(_rows(data, name))
    for row in rows:
        if row.id:
            _sort(row, expected, book, typed)
    _refuse_unnamed(rows, book)
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
        raise FilingRefused(error.sentence(language()), code="enterprises.filing.sheet") from error
    for sheet in sheets:
        for row in sheet.rows:
            cells = {cell.column: cell.text.strip() for cell in row.cells}
            after = tuple(cells.get(at, "") for at in range(1, max(cells, default=0) + 1))
            yield _Row(sheet.name, row.number, cells.get(0, ""), after)


def _sort(row: _Row, expected: Expected, book: Book, typed: dict[Slot, _Typed]) -> None:
    """Put a row to its slot, or refuse it."""
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
    if why := _moved(row, entry, said):
        book.lines.append(Line(row.sheet, row.number, row.cells[0] if row.cells else "", "", "refused", why))
    said.values[name] = row.cells[WORDS] if len(row.cells) > WORDS else ""
    said.places[name] = [row]


def _moved(row: _Row, entry: Entry, said: _Typed) -> str:
    """Why an id no longer says what stands beside it."""
    if entry.name in said.places:
        return _("“%(what)s”的编号出现了两次，无法知道以哪一行为准：请重新下载表格填写。") % {"what": entry.title}
    if not row.cells or row.cells[0].rstrip("*") not in _in_every_language(entry):
        return _("这一行的编号是“%(what)s”的：编号或标题被移动过，请重新下载表格填写。") % {"what": entry.title}
    return ""


def _in_every_language(entry: Entry) -> set[str]:
    """What an entry is headed: the workbook may have been made in another language than the page speaks."""
    found = set()
    for code, _name in settings.LANGUAGES:
        with override(code):
            found.add(entry.heading)
    return found


def _refuse_unnamed(rows: Sequence[_Row], book: Book) -> None:
    """Rows without an id beside rows that have one, or in a sheet that lost its ids, would be lost in silence."""
    with_ids = {row.sheet for row in rows if row.id}
    known = {word for form in FORMS.values() for one in form.tables for word in _words_of_table(one)}
    labels = {word for kind in FORMS for word in _labels(kind)}
    bare = {row.sheet for row in rows if row.number == 1 and row.cells and row.cells[0].startswith(tuple(labels))}
    for row in rows:
        if row.id or not any(row.cells) or row.number == 1 or row.cells[0].rstrip("*") in known:
            continue
        if row.sheet in with_ids or (row.sheet in bare and any(row.cells[WORDS:])):
            told = _("这一行没有编号，不知道是哪一项：请重新下载表格填写；自己加的备注请删去。")
            shown_text = "，".join(one for one in row.cells if one)[:LONGEST_SHOWN]
            book.lines.append(Line(row.sheet, row.number, shown_text, "", "refused", told))


def _words_of_table(table: Entry) -> set[str]:
    return _in_every_language(table) | _in_every_language(table.columns[0])


def _labels(kind: str) -> set[str]:
    found = set()
    for code, _name in settings.LANGUAGES:
        with override(code):
            found.add(str(Filing.Kind(kind).label))
    return found


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
    if filing is None and subject:
        place = said.places[SUBJECT][0]
        book.lines.append(Line(place.sheet, place.number, str(form.subject), subject[:LONGEST_SHOWN], "new"))
    for entry in form.entries:
        for number, row in enumerate(said.places.get(entry.name, []), 1):
            told = _told(entry, number, said.values, got)
            if line := _line(entry, row, told, (known.get(entry.name), got.data.get(entry.name), number)):
                book.lines.append(line)
    at = next(iter(said.places.values()))[0]
    book.lines += _gone(form.entries, said, known, at)
    if any(one.verdict in ("new", "changed") for one in book.lines[before:]):
        book.typed[slot] = said.values
        book.lines += _missing(form.entries, said, at)


def _gone(entries: Sequence[Entry], said: _Typed, known: Mapping[str, Any], at: _Row) -> Iterator[Line]:
    """Rows deleted from the sheet, and rows of a table that are there no more: nothing goes in silence."""
    for entry in entries:
        if entry.kind != "rows":
            if entry.name not in said.places:
                told = _("这一行被删除了：请重新下载表格填写；不填的留空即可。")
                yield Line(at.sheet, at.number, str(entry.title), "", "refused", told)
        elif (fewer := len(known.get(entry.name) or []) - len(said.values.get(entry.name, []))) > 0:
            yield Line(at.sheet, at.number, str(entry.title), "", "changed", _("比原来少 %(n)d 行") % {"n": fewer})


def _missing(entries: Sequence[Entry], said: _Typed, at: _Row) -> Iterator[Line]:
    """What has to be filled in before the draft can be sent."""
    for entry in entries:
        if entry.required and not said.values.get(entry.name):
            place = said.places.get(entry.name, [at])[0]
            yield Line(place.sheet, place.number, str(entry.title), "", "missing", _("报送前还要填写。"))


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
    text = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
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

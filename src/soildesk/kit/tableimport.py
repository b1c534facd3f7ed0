"""Tables into a register: the template filled in, or any workbook whose headings the entries know.

Every register that people write has an import of its own name. What a row would become is told row by row; nothing is
written of a file with a refused row, unless the person says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

import shapely
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.sandbox import sheets_in_child
from soildesk.kit import faces_urls, headingunits, imports, pasted, templatebook
from soildesk.kit.entries import Entries, nothing, same, titles
from soildesk.kit.faces import Change, Entry
from soildesk.kit.gis import asked as memory
from soildesk.kit.gis import values
from soildesk.kit.gis.refusals import language
from soildesk.kit.imports import ROW_LIMIT, ImportKind, ImportRefused, MappingLine, Purpose, RowFate, Understood
from soildesk.kit.models import ImportBatch, ImportRow
from soildesk.kit.register import Register, collections
from soildesk.kit.seen import required
from soildesk.kit.tableheadings import REMARK, SINCE, TableHeadings
from soildesk.kit.templatebook import in_any_language
from soilrules.plantext.formats import UnreadableFile

CHUNK = 500
HEADER_WITHIN = 10
"""Rows in which the heading of a table is looked for."""
KEY, GROUND, ONCE = "_key", "_ground", "_once"


@dataclass(frozen=True)
class Table:
    """A sheet with its heading understood: column → entry key, and the rows below."""

    header: Mapping[int, str]  # column number → what stands in the heading
    mapping: Mapping[int, str]  # column number → entry key, SINCE or REMARK
    rows: Sequence[tuple[int, Mapping[int, str]]]


@dataclass
class Line:
    """One row on its way to its fate."""

    position: int
    raw: dict[str, Any]
    values: dict[str, Any] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    turned: list[str] = field(default_factory=list)  # how numbers in other units were converted
    since: date | None = None


def entries_of(register: Register, purpose: Purpose) -> Entries:
    """The entries of the collection for whoever imports, as of now."""
    actor = purpose.actor
    return Entries(required(register, actor, clock.local_day(purpose.at)), actor)


def read(register: Register, data: bytes, name: str, purpose: Purpose) -> Understood:
    """What a workbook was taken for, and every row's fate."""
    entries = entries_of(register, purpose)
    table = _table(entries, data, name, memory.remembered(purpose.actor, register.collection))
    _must_be_few(register, table, name)
    known = titles(entries.all) | {SINCE: templatebook.since_title(), REMARK: templatebook.remark_title()}
    called = TableHeadings.of(entries)
    turns = {at: called.turned(table.header[at], key) for at, key in table.mapping.items()}
    lines = [
        MappingLine(title, known.get(table.mapping.get(at, ""), ""), headingunits.how(turns.get(at)))
        for at, title in table.header.items()
    ]
    return Understood(lines, _fates(entries, table), _notes(entries, table))


def _must_be_few(register: Register, table: Table, name: str) -> None:
    """No more rows than one act can be made of."""
    count = sum(1 for _number, cells in table.rows if any(cells.values()))
    if count > ROW_LIMIT:
        raise ImportRefused(
            _(
                "“%(name)s”有 %(count)s 行，“%(title)s”逐条登记，一次最多 %(limit)s 行，没有写入任何内容。请拆分成几个文件，分次导入。"
            )
            % {"name": name, "count": count, "title": register.title, "limit": ROW_LIMIT},
            code="kit.import.too_many_rows",
        )


def _notes(entries: Entries, table: Table) -> list[str]:
    found = set(table.mapping.values())
    rest = [text for at, text in table.header.items() if at not in table.mapping]
    told = headingunits.left_out(rest, TableHeadings.of(entries).meant)
    missing = [str(entry.title) for entry in entries.all if entry.required and entry.key not in found]
    if missing:
        told.append(_("文件里没有“%(names)s”列：只能修改现有记录，不能新增。") % {"names": "、".join(missing)})
    return told


def _table(entries: Entries, data: bytes, name: str, remembered: Mapping[str, str]) -> Table:
    try:
        sheets = sheets_in_child(data, name)
    except UnreadableFile as error:
        raise ImportRefused(error.sentence(language()), code="kit.import.unreadable") from error
    known = TableHeadings.of(entries)
    best: Table | None = None
    for sheet in sheets:
        rows = [(row.number, {cell.column: cell.text.strip() for cell in row.cells}) for row in sheet.rows]
        for at, (_number, cells) in enumerate(rows[:HEADER_WITHIN]):
            mapping = known.mapped(cells, remembered)
            if best is None or len(mapping) > len(best.mapping):
                best = Table({n: text for n, text in cells.items() if text}, mapping, rows[at + 1 :])
    if best is None or not set(best.mapping.values()) & set(entries.by_key):
        raise ImportRefused(
            _("“%(name)s”里没有认出任何一列。本表的列是：%(known)s。请下载模板，或把表头改成这些名称。")
            % {"name": name, "known": "、".join(titles(entries.all).values())},
            code="kit.import.no_columns",
        )
    return best


def _fates(entries: Entries, table: Table) -> Iterator[RowFate]:
    source = iter(_lines(entries, table))
    taken: dict[tuple[str, Any], int] = {}
    while chunk := list(islice(source, CHUNK)):
        standing = _standing(entries, chunk)
        for line in chunk:
            yield _fate(entries, line, standing, taken)


def _lines(entries: Entries, table: Table) -> Iterator[Line]:
    examples, clears = in_any_language(templatebook.example_mark), in_any_language(templatebook.clear_mark)
    known = TableHeadings.of(entries)
    turns = {key: turned for at, key in table.mapping.items() if (turned := known.turned(table.header[at], key))}
    for number, cells in table.rows:
        said = {table.mapping[at]: text for at, text in cells.items() if at in table.mapping and text}
        if not said or said.pop(REMARK, "") in examples:
            continue
        line = Line(number, {table.header.get(at, str(at)): text for at, text in cells.items() if text})
        for key, text in said.items():
            try:
                _read_cell(
                    entries, line, key, None if text in clears else _turned(entries, line, turns.get(key), (key, text))
                )
            except (values.BadValue, Refusal) as bad:
                title = entries.by_key[key].title if key in entries.by_key else templatebook.since_title()
                line.messages.append(
                    _("%(title)s“%(value)s”：%(why)s") % {"title": title, "value": text[:40], "why": bad}
                )
        yield line


def _turned(entries: Entries, line: Line, turned: headingunits.Turned | None, cell: tuple[str, str]) -> str:
    """The text of a cell in the unit of its entry; a conversion is told with its row."""
    key, text = cell
    if turned is None:
        return text
    entry = entries.by_key[key]
    number = values.clean(Entry(key, entry.title, "decimal"), text)
    words = turned.words(number) | {"title": str(entry.title).split("（")[0]}
    line.turned.append(_("%(title)s：%(from)s %(said)s 换算为 %(to)s %(kept)s。") % words)
    return words["to"]


def _read_cell(entries: Entries, line: Line, key: str, text: str | None) -> None:
    """One cell; None is the mark that empties an entry."""
    if key == SINCE:
        line.since = values.clean(Entry(SINCE, templatebook.since_title(), "date"), text)
        return
    entry = entries.by_key[key]
    if text is None:
        if entry.required:
            raise values.BadValue(_("必填，不能清空。"))
        line.values[key] = nothing(entry)
    elif entry.kind == "geometry":
        line.values[key] = _ground(entries, text)
    else:
        line.values[key] = values.clean(entry, text, entries.choices(entry))


def _ground(entries: Entries, text: str) -> BaseGeometry:
    ground = entries.seen.declared.ground
    return pasted.ground(text, shape=ground.shape if ground else "polygon", corner_text=False)


def _standing(entries: Entries, lines: Sequence[Line]) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """The rows that stand, by what the file's rows name them by."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    register = entries.seen.declared
    rows = entries.seen.queryset()
    paths = [entry.path for entry in entries.all if _is_of(rows, entry.path)]
    names = sorted({*entries.seen.needs(), *paths, register.key, "pk"})
    for key in entries.writing.match:
        path = entries.by_key[key].path if key in entries.by_key else key
        wanted = {line.values[key] for line in lines if line.values.get(key) not in (None, "")}
        if wanted:
            for row in rows.filter(**{f"{path}__in": list(wanted)}).values(*names):
                found.setdefault((key, str(row[path])), []).append(row)
    return found


def _is_of(rows: QuerySet[Any], path: str) -> bool:
    """Whether rows carry what an entry asks for: some entries are told to an act and stand in rows of their own."""
    first = path.split("__")[0]
    return first in rows.query.annotations or any(first == field.name for field in rows.model._meta.get_fields())


def _named(entries: Entries, line: Line) -> tuple[str, str] | None:
    """By what the row names a record: the first of the naming entries that is filled."""
    return next(
        ((key, str(line.values[key])) for key in entries.writing.match if line.values.get(key) not in (None, "")), None
    )


def _fate(
    entries: Entries,
    line: Line,
    standing: Mapping[tuple[str, str], list[dict[str, Any]]],
    taken: dict[tuple[str, Any], int],
) -> RowFate:
    name = _named(entries, line)
    rows = standing.get(name, []) if name else []
    if name and (first := taken.setdefault(name, line.position)) != line.position:
        line.messages.append(_("与第 %(n)s 行重复：同一条记录在一个文件里只能出现一次。") % {"n": first})
    if len(rows) > 1:
        line.messages.append(_("“%(name)s”有 %(n)s 条现有记录，不知道改哪一条。") % {"name": name[1], "n": len(rows)})  # type: ignore[index]
    row = rows[0] if rows else None
    changed = (
        entries.changed(line.values, row) if row else {k: v for k, v in line.values.items() if v not in (None, "")}
    )
    line.messages += [] if line.messages else _against(entries, line, changed, row)
    line.messages += [] if line.messages or row else _said_before(entries, line, changed, taken)
    if line.messages:
        return RowFate(line.position, line.raw, ImportRow.Verdict.REFUSED, line.messages)
    return _writes(entries, line, changed, row)


def _said_before(
    entries: Entries, line: Line, changed: Mapping[str, Any], taken: dict[tuple[str, Any], int]
) -> list[str]:
    """That a new row says what a row above says, where only one may."""
    once = entries.writing.once
    said = once(entries.actor, Change(changed, "", line.since)) if once else None
    if said is None or (first := taken.setdefault((ONCE, said), line.position)) == line.position:
        return []
    return [_("与第 %(n)s 行相同：同一件事在一个文件里只登记一次，请删去其中一行，或写明有什么不同。") % {"n": first}]


def _against(entries: Entries, line: Line, changed: Mapping[str, Any], row: Mapping[str, Any] | None) -> list[str]:
    """Why a row that reads well is not written."""
    writing = entries.writing
    if row is None:
        missing = [str(e.title) for e in entries.all if e.required and changed.get(e.key) in (None, "")]
        if missing:
            return [_("新记录缺少必填的“%(names)s”。") % {"names": "、".join(missing)}]
        if writing.add is None:
            return [_("没有找到这条记录，本表也不接受新增。")]
    elif not changed:
        return []
    elif writing.change is None:
        return [_("这条记录已经有了，本表不接受修改。")]
    return list(writing.guard(entries.actor, Change(changed, "", line.since), row)) if writing.guard else []


def _writes(entries: Entries, line: Line, changed: Mapping[str, Any], row: Mapping[str, Any] | None) -> RowFate:
    """A new row, a changed one, or one that says what stands already."""
    kept = dict(line.raw)
    if row is not None:
        kept[KEY] = str(row[entries.seen.declared.key])
    if line.since:
        kept[SINCE] = line.since.isoformat()
    grounds = {
        key: shapely.to_wkb(value, hex=True) for key, value in changed.items() if isinstance(value, BaseGeometry)
    }
    kept |= {GROUND: grounds} if grounds else {}
    words = {key: entries.in_words(entries.by_key[key], value) for key, value in changed.items()}
    before = None
    if row is not None:
        before = {key: entries.in_words(entries.by_key[key], row.get(entries.by_key[key].path)) for key in changed}
    told = entries.tells(Change(changed, "", line.since)) if row is None else ()
    return RowFate(line.position, kept, ImportRow.Verdict.OK, (*line.turned, *told), before, words)


def apply(register: Register, rows: Sequence[ImportRow], purpose: Purpose) -> dict[str, int]:
    """Write the rows by the room's own acts, inside the transaction of accepting: all of them or none."""
    entries = entries_of(register, purpose)
    counted = {"new": 0, "changed": 0}
    for row in rows:
        try:
            counted["changed" if KEY in row.raw else "new"] += 1
            _write(entries, row, purpose)
        except Refusal as refusal:
            raise ImportRefused(
                _("第 %(n)s 行：%(why)s 整个文件都没有写入。") % {"n": row.position, "why": refusal},
                code="kit.import.row",
            ) from refusal
    if entries.writing.after is not None:
        entries.writing.after(purpose.actor, purpose.batch)
    if purpose.batch is not None:
        _remember(entries, purpose, purpose.batch)
    return counted


def _write(entries: Entries, row: ImportRow, purpose: Purpose) -> None:
    writing, batch = entries.writing, purpose.batch
    today = clock.local_day(purpose.at)
    since = date.fromisoformat(row.raw[SINCE]) if SINCE in row.raw else today
    why = _("导入“%(file)s”") % {"file": batch.file_name if batch else ""}
    change = Change(_values(entries, row), why, since if writing.dated else None, batch)
    if KEY not in row.raw:
        assert writing.add is not None
        writing.add(purpose.actor, change, purpose.at)
        return
    assert writing.change is not None
    _must_stand(entries, row)
    writing.change(purpose.actor, row.raw[KEY], change, purpose.at)


def _must_stand(entries: Entries, row: ImportRow) -> None:
    """What the preview showed as standing must stand still."""
    standing = entries.row(row.raw[KEY])
    for key, before in (row.before or {}).items():
        entry = entries.by_key[key]
        if standing is None or not same(before, entries.in_words(entry, standing.get(entry.path))):
            raise ImportRefused(
                _("预览之后，“%(title)s”已被别人改过：请重新选择文件，再看一次结果。") % {"title": entry.title},
                code="kit.import.stale",
            )


def _values(entries: Entries, row: ImportRow) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, text in (row.after or {}).items():
        entry = entries.by_key[key]
        if entry.kind == "geometry":
            found[key] = shapely.from_wkb(row.raw[GROUND][key])
        else:
            found[key] = nothing(entry) if text == "—" else values.clean(entry, text, entries.choices(entry))
    return found


def _remember(entries: Entries, purpose: Purpose, batch: ImportBatch) -> None:
    keys = {title: key for key, title in titles(entries.all).items()}
    told = batch.mapping.get("columns", ()) if isinstance(batch.mapping, dict) else ()
    columns = {line["read"]: keys[line["as"]] for line in told if line["as"] in keys}
    memory.remember(purpose.actor, entries.seen.declared.collection, columns, purpose.at)


def kind_of(register: Register) -> ImportKind:
    """The import of a register."""
    writing = register.writing
    assert writing is not None
    collection = register.collection
    names: dict[str, Any] = {entry.key: entry.title for entry in writing.entries}
    return ImportKind(
        name=collection,
        title=register.title,
        permission=writing.permission,
        read=lambda data, name, purpose: read(register, data, name, purpose),
        apply=lambda rows, purpose: apply(register, rows, purpose),
        names=names | {"new": _("新增"), "changed": _("修改")},
        accepts=(".xlsx", ".xls"),
        hint=_("用本表的模板填写，或直接用表头相近的表；认得的列名和上次的对应关系会自动对上。"),
        template_url=_to(lambda: reverse("kit:collection_template", args=[collection])),
        done_url=lambda batch: faces_urls.of(register, "list"),
        whole=True,
    )


def _to(url: Callable[[], str]) -> Callable[[Mapping[str, str]], str]:
    return lambda given: url()


@imports.provide
def _kinds() -> Iterator[ImportKind]:
    for register in collections().values():
        if register.writing is not None and (register.writing.add or register.writing.change):
            yield kind_of(register)

"""The fate of every row of a chunk: new, changed from what to what, the same, or refused and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _

from soildesk.kit.faces import Change, Entry
from soildesk.kit.gis import values
from soildesk.kit.gis.asked import CARRIED
from soildesk.kit.gis.checking import UNTIL_HASHES, Checked, Repetitions, Rules, check
from soildesk.kit.gis.findings import BLOCKING, OFFICE, WARNING, Finding, of_note
from soildesk.kit.gis.refusals import said
from soildesk.kit.gis.targets import Target
from soildesk.kit.gis.understanding import READ_ROWS
from soildesk.kit.headingunits import Turned
from soilrules.geodesy.measure import area_finding
from soilrules.gisfiles import NOTE, ROW, WKB, row_messages

NEW, CHANGED, SAME, REFUSED = "new", "changed", "same", "refused"
SAME_PLACE_DEG = 1e-8
"""About a millimetre, which surveys and corner texts are written to."""


@dataclass(slots=True)
class Judged:
    """One row and what will become of it. `given` are the cleaned values, `differs` those that are not as they stand."""

    position: int
    raw: Mapping[str, Any]
    geometry: Any
    area_m2: float
    findings: list[Finding]
    given: dict[str, Any] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)
    fate: str = NEW
    key: str = ""
    differs: list[str] = field(default_factory=list)
    standing: Mapping[str, Any] | None = None
    before_repair: Any = None

    @property
    def refused(self) -> bool:
        """Whether the row is not taken."""
        return self.fate == REFUSED


@dataclass
class Judge:
    """Judges the chunks of one file for one collection."""

    target: Target
    rules: Rules
    mapping: Mapping[str, str]
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    since: date | None = None
    why: str = ""
    turns: Mapping[str, Turned] = field(default_factory=dict)  # of columns in another unit than their entry
    repeated: Repetitions = field(default_factory=Repetitions)
    notes: set[str] = field(default_factory=set)
    begun: bool = False
    apart_from: int = 0  # the first row whose shape was not compared with those before it

    @cached_property
    def tells(self) -> Callable[[Change], Sequence[str]]:
        """What the room says of a new row, asked for once."""
        writing = self.target.register.writing
        return writing.tells(self.target.actor) if writing and writing.tells else lambda change: ()

    @cached_property
    def beside(self) -> Callable[[Change], Sequence[str]]:
        """Why a new row cannot stand beside those before it, as the room says, asked for once."""
        writing = self.target.register.writing
        return writing.beside(self.target.actor) if writing and writing.beside else lambda change: ()

    @property
    def told(self) -> list[str]:
        """What is to be said of the whole file: also from where on something was not compared."""
        found = sorted(self.notes)
        if self.apart_from:
            told = _("图形分批核对，每批最多 %(most)d 个：从第 %(row)d 行起，没有再与前面各批核对图形是否重复、重叠。")
            found.append(told % {"most": READ_ROWS, "row": self.apart_from})
        if self.repeated.full_from is not None:
            told = _("代码超过 %(most)d 个：从第 %(row)d 行起，没有再与前面新出现的代码核对是否重复。")
            found.append(told % {"most": UNTIL_HASHES, "row": self.repeated.full_from})
        return found

    def rows(self, batch: Any) -> list[Judged]:
        """Every row of an Arrow batch with its fate."""
        positions = batch.column(ROW).to_numpy()
        checked = check(batch.column(WKB).to_numpy(zero_copy_only=False), positions, self.rules)
        self.notes |= checked.notes
        if self.begun and not self.apart_from:
            self.apart_from = int(positions[0])
        self.begun = True
        judged = list(self._read(batch, positions, checked))
        self._compare([row for row in judged if not _blocked(row)])
        for row in judged:
            self._conclude(row)
        return judged

    def _read(self, batch: Any, positions: Any, checked: Checked) -> Iterator[Judged]:
        columns = {
            field.name: batch.column(at).to_pylist()
            for at, field in enumerate(batch.schema)
            if field.name not in (ROW, WKB, NOTE)
        }
        told = batch.column(NOTE).to_pylist()
        for at, position in enumerate(positions.tolist()):
            raw = {name: column[at] for name, column in columns.items()}
            found = list(checked.findings.get(at, ()))
            if told[at]:
                found = _without_twice([*(of_note(one, position) for one in row_messages(told[at])), *found])
            row = Judged(position, raw, checked.geoms[at], float(checked.area_m2[at]), found)
            row.before_repair = checked.before.get(at)
            self._fill(row)
            self._repetitions(row)
            self._area_of_record(row)
            yield row

    def _fill(self, row: Judged) -> None:
        """The values of the entries, from the mapped columns and the constants."""
        columns = {key: column for column, key in self.mapping.items() if key not in ("", CARRIED)}
        for entry in self.target.entries:
            if entry.key in self.constants:
                self._fill_one(row, entry, self.constants[entry.key])
            elif column := columns.get(entry.key):
                self._fill_one(row, entry, row.raw[column], self.turns.get(column))
        if self.target.bulk:
            carried = (name for name in row.raw if self.mapping.get(name, CARRIED) == CARRIED)
            row.attributes = {name: values.stored(row.raw[name]) for name in carried if row.raw[name] is not None}

    def _fill_one(self, row: Judged, entry: Entry, raw: Any, how: Turned | None = None) -> None:
        text = values.as_text(raw)
        raw = self.translations.get(entry.key, {}).get(text, raw)
        try:
            if how is not None and text:
                raw = how.number(values.clean(Entry(entry.key, entry.title, "decimal"), raw))
            value = values.clean(entry, raw, self.target.choices.get(entry.key, ()))
            if value is not None:  # an empty cell says nothing: what stands is left as it is
                row.given[entry.key] = value
        except values.BadValue as error:
            told = _("“%(title)s”的值“%(value)s”不能用：%(why)s") % {
                "title": entry.title, "value": text[:60], "why": error,
            }  # fmt: skip
            row.findings.append(Finding(row.position, "bad_value", BLOCKING, OFFICE, text[:200], told))

    def _repetitions(self, row: Judged) -> None:
        """The same code twice in a file; the same shape is told by the taxonomy within a chunk, here across them."""
        code = next((row.given.get(key) for key in self.target.match if row.given.get(key)), None)
        if code is None:
            return
        first = self.repeated.first(("code", code), row.position)
        if first is not None:
            told = _("代码“%(code)s”在第 %(first)s 行已经出现过：一个代码只能有一行。请改正代码，或只保留一行。")
            severity = WARNING if self.target.bulk else BLOCKING
            sentence = told % {"code": code, "first": first}
            row.findings.append(Finding(row.position, "repeated_code", severity, OFFICE, str(code), sentence))

    def _area_of_record(self, row: Judged) -> None:
        """An area on paper that is not what the geometry covers."""
        entry = next((entry for entry in self.target.entries if entry.area_of_record), None)
        if entry is not None and row.area_m2 and row.given.get(entry.key) is not None:
            on_paper = float(row.given[entry.key]) * entry.area_of_record
            told = area_finding(row.area_m2, on_paper)
            if told is not None:
                value = f"{on_paper:.2f} / {row.area_m2:.2f}"
                row.findings.append(Finding(row.position, told.id, WARNING, OFFICE, value, said(told)))

    def _compare(self, rows: list[Judged]) -> None:
        """Match rows with those that stand, by the first of the match entries that is filled."""
        for key in self.target.match:
            wanted = {row.given[key]: row for row in reversed(rows) if row.standing is None and row.given.get(key)}
            if not wanted:
                continue
            for standing in self._standing(key, list(wanted)):
                row = wanted[standing[self.target.path(key)]]
                row.standing, row.key = standing, str(standing[self.target.register.key])
        self._differences([row for row in rows if row.standing is not None])

    def remember(self, batch: Any) -> None:
        """Rows that were written before the reading broke off: their codes are not to be taken again."""
        self.begun = True
        columns = [name for key in self.target.match for name, entry in self.mapping.items() if entry == key]
        for name in columns[:1]:
            for position, raw in zip(batch.column(ROW).to_pylist(), batch.column(name).to_pylist(), strict=True):
                if text := values.as_text(raw):
                    self.repeated.first(("code", text), position)

    def _standing(self, key: str, codes: list[Any]) -> Iterator[Mapping[str, Any]]:
        paths = {self.target.path(entry.key) for entry in self.target.entries}
        more = ["attributes"] if self.target.bulk else []
        names = sorted({*paths, self.target.register.key, self.target.ground.field, *more})
        rows = self.target.seen.queryset().filter(**{f"{self.target.path(key)}__in": codes}).order_by()
        yield from rows.values(*names)

    def _differences(self, rows: list[Judged]) -> None:
        if not rows:
            return
        held = np.array([row.standing[self.target.ground.field] for row in rows], dtype=object)  # type: ignore[index]
        moved = ~same_shapes(np.array([row.geometry for row in rows], dtype=object), held)
        for row, is_moved in zip(rows, moved.tolist(), strict=True):
            assert row.standing is not None
            row.differs = [
                key for key, value in row.given.items() if not _equal(value, row.standing.get(self.target.path(key)))
            ]
            if is_moved:
                row.differs.append(self.target.geometry_key)
            if self.target.bulk and row.attributes != (row.standing.get("attributes") or {}):
                row.differs.append("attributes")
            row.fate = CHANGED if row.differs else SAME

    def _conclude(self, row: Judged) -> None:
        """Required values, the room's own guard, and the fate."""
        if row.standing is None:
            self._required(row)
        if not self.target.bulk and not _blocked(row) and row.fate != SAME:
            self._guard(row)
        if _blocked(row):
            row.fate = REFUSED

    def _required(self, row: Judged) -> None:
        for entry in self.target.entries:
            if entry.required and row.given.get(entry.key) in (None, "") and not _said_bad(row, entry):
                told = _("“%(title)s”必填而没有值。请在文件中补上，或在对照中写明固定的值。") % {"title": entry.title}
                row.findings.append(Finding(row.position, "missing_value", BLOCKING, OFFICE, "", told))
        if not any(row.given.get(key) for key in self.target.match) and not self.target.bulk:
            told = _("没有代码，无法与现有记录对照，将作为新的登记。请尽量补上代码，以免重复登记。")
            row.findings.append(Finding(row.position, "no_code", WARNING, OFFICE, "", told))

    def _guard(self, row: Judged) -> None:
        writing = self.target.register.writing
        if writing is None or writing.guard is None:
            return
        change = Change(change_values(self.target, row), self.why, self.since)
        refused = list(writing.guard(self.target.actor, change, row.standing))
        refused += self.beside(change) if not refused and row.standing is None else ()
        for sentence in refused:
            row.findings.append(Finding(row.position, "refused_by_rule", BLOCKING, OFFICE, "", str(sentence)))
        for sentence in self.tells(change) if not refused and row.standing is None else ():
            row.findings.append(Finding(row.position, "told_by_rule", WARNING, OFFICE, "", str(sentence)))


def change_values(target: Target, row: Judged) -> dict[str, Any]:
    """What the room's act is asked to write: all that is given for a new row, the differences for one that stands."""
    names = [*row.given] if row.standing is None else [key for key in row.differs if key in row.given]
    found = {key: row.given[key] for key in names}
    if row.standing is None or target.geometry_key in row.differs:
        found[target.geometry_key] = row.geometry
    return found


def same_shapes(a: Any, b: Any) -> Any:
    """Whether shapes are the same wherever their rings begin, to a millimetre."""
    first, second = shapely.normalize(_flat(a)), shapely.normalize(_flat(b))
    same = shapely.equals_exact(first, second, SAME_PLACE_DEG)
    alike = ~same & (shapely.get_num_coordinates(first) == shapely.get_num_coordinates(second))
    for at in np.flatnonzero(alike).tolist():
        same[at] = _same_corners(first[at], second[at])
    return same


def _same_corners(a: Any, b: Any) -> bool:
    """Whether each corner lies on one of the other shape: corners rounded apart may have put the rings in another order."""
    from scipy.spatial import cKDTree  # dear to load, and rarely asked

    if a.geom_type != b.geom_type or abs(a.area - b.area) > SAME_PLACE_DEG * max(a.length, b.length):
        return False
    first, second = shapely.get_coordinates(a), shapely.get_coordinates(b)
    return all(
        np.isfinite(cKDTree(one).query(other, distance_upper_bound=SAME_PLACE_DEG)[0]).all()
        for one, other in ((first, second), (second, first))
    )


def _flat(shapes: Any) -> Any:
    """Multi shapes of one part as that part, so that a layer's kind makes no difference."""
    single = (shapely.get_type_id(shapes) >= 4) & (shapely.get_num_geometries(shapes) == 1)
    return np.where(single, shapely.get_geometry(shapes, 0), shapes)


def _equal(given: Any, held: Any) -> bool:
    if given in (None, "") and held in (None, ""):
        return True
    if isinstance(given, float | int) or hasattr(given, "as_tuple"):
        return held is not None and float(given) == float(held)
    return str(given) == str(held)


def _blocked(row: Judged) -> bool:
    return any(one.blocks for one in row.findings)


def _said_bad(row: Judged, entry: Entry) -> bool:
    return any(one.code == "bad_value" and str(entry.title) in one.sentence for one in row.findings)


def _without_twice(findings: list[Finding]) -> list[Finding]:
    """The reader and the taxonomy both tell of a missing geometry: once is enough."""
    lost = any(one.code in ("geometry_missing", "geometry_empty", "coordinates_not_numbers") for one in findings)
    return [one for one in findings if not (lost and one.code == "no_geometry")]

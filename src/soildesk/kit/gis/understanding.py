"""A file looked at before its rows are read: its layer, its coordinate system, which columns are what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from django.conf import settings
from django.utils.translation import gettext as _

from soildesk.core.gis_sandbox import look_in_child
from soildesk.core.sandbox import Limits
from soildesk.kit.faces import Entry
from soildesk.kit.gis.asked import CARRIED, TABLE_ROLES, Asked
from soildesk.kit.gis.refusals import GisRefused, said, spoken
from soildesk.kit.gis.targets import Target, plain
from soildesk.kit.headingunits import Turned, another, how, in_brackets, left_out, turned
from soilrules.geodesy import crs as systems
from soilrules.geodesy.crs import Crs
from soilrules.geodesy.errors import UnknownCrs
from soilrules.gisfiles import EAST_FIRST, NORTH_FIRST, WKB, FileLimits, Kind, Options, Source

READ_ROWS = 10_000
DEGREES = 400.0
"""Numbers above it are metres, whatever a file declares."""
TABLES = (Kind.CSV, Kind.XLSX, Kind.TXT)


@dataclass(frozen=True)
class Understanding:
    """What a file was taken for. `way`: asked or file, how the coordinate system is known; `notes` are sentences.

    `batches` are the rows, once, from the beginning.
    """

    source: Source
    options: Options
    crs: Crs
    axis: str
    way: str
    mapping: Mapping[str, str]
    batches: Batches
    notes: Sequence[str] = ()

    @property
    def carried(self) -> list[Mapping[str, str]]:
        """Columns that no entry takes, as attributes of a row."""
        types = {"integer": "integer", "real": "number", "boolean": "boolean", "date": "date", "datetime": "datetime"}
        return [
            {"name": field.name, "title": field.name, "type": types.get(field.type, "string")}
            for field in self.source.fields
            if self.mapping.get(field.name, CARRIED) == CARRIED and field.type != "binary"
        ]


def options_of(asked: Asked) -> Options:
    """What the reader of the file is told."""
    if odd := sorted(set(asked.table) - set(TABLE_ROLES)):
        raise GisRefused(
            _("坐标列的用途“%(odd)s”认不出，应为：%(expected)s。")
            % {"odd": "、".join(odd), "expected": "、".join(TABLE_ROLES)},
            code="gis.table_role",
        )
    if asked.axis not in ("", "xy", "yx"):
        raise GisRefused(
            _("坐标次序“%(axis)s”认不出，应为 xy（经度或横坐标在前）或 yx（纬度或纵坐标在前）。")
            % {"axis": asked.axis},
            code="gis.axis",
        )
    axis = {"": "", "xy": EAST_FIRST, "yx": NORTH_FIRST}[asked.axis]
    return Options(
        layer=asked.layer, encoding=asked.encoding, columns=dict(asked.table), shape=asked.shape, axis=axis,
        limits=FileLimits(rows=settings.GIS_ROWS),
    )  # fmt: skip


@dataclass(frozen=True)
class Looked:
    """A file's layer, where the numbers of its first rows lie, and its rows, once, from the beginning."""

    source: Source
    bounds: Sequence[float]
    batches: Batches


class Batches:
    """The rows of a file as they come from the process that reads it; that process ends with `close`."""

    def __init__(self, first: Any, rest: Any) -> None:
        self._first, self._rest = first, rest

    def __iter__(self) -> Iterator[Any]:
        if self._first is not None:
            yield self._first
            self._first = None
        yield from self._rest

    def close(self) -> None:
        """No more rows are wanted."""
        self._rest.close()


def look(path: Path, name: str, options: Options, limits: Limits) -> Looked:
    """The layer of a file, and the bounds of its first rows as they are written."""
    with spoken():
        source, first, others = look_in_child(path, name, options, limits, rows=READ_ROWS)
    batches = Batches(first, others)
    shapes = shapely.from_wkb(first.column(WKB).to_numpy(zero_copy_only=False), on_invalid="ignore")
    return Looked(source, shapely.total_bounds(shapes).tolist(), batches)


def understand(target: Target, looked: Looked, asked: Asked, memory: Mapping[str, str], expected: Any) -> Understanding:
    """What the file is taken for; refuses where a person must be asked first. `expected`: bounds of the division."""
    try:
        return _understanding(target, looked, asked, memory, expected)
    except BaseException:
        looked.batches.close()
        raise


def _understanding(
    target: Target, looked: Looked, asked: Asked, memory: Mapping[str, str], expected: Any
) -> Understanding:
    source = looked.source
    system = system_of(looked, asked, expected)
    columns = [field.name for field in source.fields]
    mapping = mapping_of(target, columns, asked, memory)
    axis = "xy" if source.kind in TABLES or not asked.axis else asked.axis
    told = [
        *notes_of(source, system.way), *filter(None, [system.why]), *left_for_units(target, columns, mapping),
        *_worked_out_here(target, mapping, asked),
    ]  # fmt: skip
    return Understanding(source, options_of(asked), system.crs, axis, system.way, mapping, looked.batches, told)


def notes_of(source: Source, way: str) -> list[str]:
    """What the reader of the file says of it; what a person has answered already is left out."""
    return [said(note) for note in source.notes if note.id not in ANSWERED or way == "file"]


@dataclass(frozen=True, slots=True)
class System:
    """The coordinate system of a file and how it is known: asked, file, or numbers (`why` says which)."""

    crs: Crs
    way: str
    why: str = ""


DBF_NAME = (8, 10)
"""Bytes of a .dbf name that may have been cut: ten, less what is left of a Chinese character."""
ANSWERED = ("crs_missing", "crs_unread", "geojson_wgs84")


def system_of(looked: Looked, asked: Asked, expected: Any) -> System:
    """The coordinate system as asked for, as the file says it, or as eastings with their zone before them show.

    A zone is taken with or without its number, as the eastings are written; any other guess is offered, never taken.
    """
    easting = looked.bounds[1 if asked.axis == "yx" else 0]
    if asked.crs:
        with spoken():
            return System(systems.as_written(systems.named(asked.crs), easting), "asked")
    text = looked.source.crs_text
    if text:
        try:
            crs = systems.named(text)
        except UnknownCrs as error:
            told = _("文件写明的坐标系不能用：%(why)s") % {"why": said(error.message)}
            raise _ask(looked, expected, told) from error
        if crs.projected or max(abs(one) for one in looked.bounds) <= DEGREES:
            return System(systems.as_written(crs, easting), "file")
        told = _("文件写明的坐标系是%(crs)s，但坐标值（如 %(x).0f，%(y).0f）是以米为单位的平面坐标。")
        if any(one.id == "geojson_wgs84" for one in looked.source.notes):
            told = _("文件没有写明坐标系，GeoJSON 应为%(crs)s，但坐标值（如 %(x).0f，%(y).0f）是以米为单位的平面坐标。")
        values = {"crs": said(crs.title), "x": looked.bounds[0], "y": looked.bounds[1]}
        raise _ask(looked, expected, told % values)
    found = systems.guess(looked.bounds)
    if len(found) == 1 and found[0].crs and found[0].crs.zone and found[0].crs.zone.prefixed and found[0].axis == "xy":
        return System(found[0].crs, "numbers", said(found[0].why))
    raise _ask(looked, expected, _("文件没有说明坐标系。"))


def _ask(looked: Looked, expected: Any, reason: str) -> GisRefused:
    guesses = guessed(looked, expected)
    shown = " ".join(f"{guess['crs']}：{guess['why']}" if guess["crs"] else guess["why"] for guess in guesses[:3])
    told = _("请写明坐标系（网页填“坐标系”，命令加 --crs），如 EPSG:4547 或“CGCS2000 3度带 38带”。")
    return GisRefused(" ".join(filter(None, (reason, shown, told))), code="gis.crs_unknown", data={"guesses": guesses})


def guessed(looked: Looked, expected: Any) -> list[dict[str, str]]:
    """What the numbers may be, the likeliest first, for a person to confirm."""
    found = systems.guess(looked.bounds, expected=expected) or systems.guess(looked.bounds)
    return [
        {
            "crs": guess.crs.code if guess.crs else "",
            "axis": guess.axis,
            "title": said(guess.crs.title) if guess.crs else "",
            "why": said(guess.why),
        }
        for guess in found
    ]


def mapping_of(target: Target, columns: Sequence[str], asked: Asked, memory: Mapping[str, str]) -> dict[str, str]:
    """Column → entry: as asked for, as the office did before, or by the entry's names. Each entry once.

    What the desk works out itself, such as the area, is not taken from a file that was written here.
    """
    entries = target.entries
    _must_have_entries(entries, asked)
    by_key = {entry.key: entry for entry in entries}
    found: dict[str, str] = {}
    held = {c: k for c, k in memory.items() if k in ("", CARRIED) or (k in by_key and _can_be(c, by_key[k]))}
    for told in (asked.columns, held):
        for column in columns:
            if (
                column in told
                and column not in found
                and (told[column] in ("", CARRIED) or told[column] not in found.values())
            ):
                found[column] = told[column]
    known = _known(target)
    meant = {column: key for column in columns if (key := _meant(column, known)) is not None and column not in found}
    for may in (_fits, _can_be):  # a column in the entry's own unit goes before one to be converted
        for column, key in meant.items():
            free = column not in found and (not key or key not in found.values())
            if free and (not key or may(spelled(column, known), by_key[key])):
                found[column] = key
    _must_be_columns(asked, columns)
    return found


def spelled(column: str, known: Mapping[str, str]) -> str:
    """A column as a heading with its unit in brackets; only where its name alone is none of ours."""
    return column if plain(column) in known else in_brackets(column) or column


def _meant(column: str, known: Mapping[str, str]) -> str | None:
    """The entry a column is called after, empty for what the desk works out, None for none."""
    return known.get(plain(spelled(column, known)), cut_short(column, known))


def _fits(heading: str, entry: Entry) -> bool:
    return not another(heading, entry)


def _can_be(heading: str, entry: Entry) -> bool:
    return _fits(heading, entry) or turned(heading, entry) is not None


def turns_of(target: Target, mapping: Mapping[str, str]) -> dict[str, Turned]:
    """The columns whose numbers are converted, and how."""
    by_key, known = {entry.key: entry for entry in target.entries}, _known(target)
    found = ((column, turned(spelled(column, known), by_key[key])) for column, key in mapping.items() if key in by_key)
    return {column: each for column, each in found if each is not None}


def _known(target: Target) -> dict[str, str]:
    """Every heading an entry may stand under; those of what the desk works out are of none."""
    names = {
        plain(str(name)): entry.key for entry in target.entries for name in (entry.key, entry.title, *entry.names)
    }  # fmt: skip
    return {**dict.fromkeys(target.worked_out, ""), **names}


def _worked_out_here(target: Target, mapping: Mapping[str, str], asked: Asked) -> list[str]:
    """That columns are not read which the desk works out itself: the stage and the lists of a plot follow from its events."""
    left = [
        one for one, key in mapping.items() if not key and one not in asked.columns and plain(one) in target.worked_out
    ]
    told = _("由本系统从登记的内容得出、没有从文件读取的列：%(columns)s。要登记的，请在相应页面办理。")
    return [told % {"columns": "、".join(left)}] if left else []


def left_for_units(target: Target, columns: Sequence[str], mapping: Mapping[str, str]) -> list[str]:
    """What is said of columns that are in another unit than the entry they are called after: converted, or left out."""
    by_key, known = {entry.key: entry for entry in target.entries}, _known(target)
    rest = [spelled(column, known) for column in columns if column not in mapping]
    told = _("列“%(column)s”按 %(how)s 读入。")
    read = [told % {"column": column, "how": how(each)} for column, each in turns_of(target, mapping).items()]
    return read + left_out(rest, lambda column: by_key.get(known.get(plain(column), "")))


def cut_short(column: str, known: Mapping[str, str]) -> str | None:
    """The entry whose name a .dbf cut to its ten bytes; None where it is no such name, or of more than one entry."""
    if not any(DBF_NAME[0] <= len(column.encode(encoding, "replace")) <= DBF_NAME[1] for encoding in ("utf-8", "gbk")):
        return None
    found = {key for name, key in known.items() if name.startswith(plain(column))}
    return found.pop() if len(found) == 1 else None


def _must_be_columns(asked: Asked, columns: Sequence[str]) -> None:
    if missing := [column for column in asked.columns if column not in columns]:
        raise GisRefused(
            _("文件里没有“%(missing)s”列，有：%(columns)s。请改正对照。")
            % {"missing": "、".join(missing), "columns": "、".join(columns) or _("没有任何列")},
            code="gis.no_such_column",
        )


def _must_have_entries(entries: Sequence[Entry], asked: Asked) -> None:
    keys = {entry.key for entry in entries}
    named = (
        {key for key in asked.columns.values() if key not in ("", CARRIED)} | set(asked.values) | set(asked.constants)
    )
    if odd := sorted(named - keys):
        shown = "、".join(f"{entry.key}（{entry.title}）" for entry in entries)
        raise GisRefused(
            _("本图层没有“%(odd)s”这个栏目，有：%(known)s。请改正对照。") % {"odd": "、".join(odd), "known": shown},
            code="gis.no_such_entry",
        )

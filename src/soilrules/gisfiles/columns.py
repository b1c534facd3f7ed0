"""The heading of a table, found and understood: which columns carry the geometry."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain, pairwise

import yaml

from soilrules.gisfiles.coordinates import number, plain
from soilrules.gisfiles.findings import UnreadableGis
from soilrules.gisfiles.source import Options, unique

Rows = Sequence[tuple[int, Sequence[str]]]
PAIRS = (("lon", "lat"), ("east", "north"), ("x", "y"))
WKT = re.compile(
    r"^\s*(?:SRID=(\d+);)?\s*(?:MULTI)?(?:POINT|LINESTRING|POLYGON|GEOMETRYCOLLECTION)\s*(?:Z|M|ZM)?\s*(?:\(|EMPTY)",
    re.I,
)
_BESIDE = re.compile(r"[\s*:：_·\-]|[(（\[【].*?[)）\]】]|/.*$|°")
_HEAD_ROWS = 40
_LONGEST = 200  # characters of a heading; a cell of WKT may have millions
_BELOW = 30  # rows whose values are looked at


@dataclass(frozen=True)
class Columns:
    """The columns of a table; roles as in headings.yaml, places from 0."""

    names: tuple[str, ...]
    roles: Mapping[str, int]
    after: int  # the row the heading ends in
    pair: tuple[str, str] | None  # of PAIRS

    @property
    def usable(self) -> bool:
        """Whether there are coordinates."""
        return bool(self.pair or {"wkt", "pair"} & set(self.roles))


@cache
def _words() -> dict[str, str]:
    lists = yaml.safe_load(files(__package__).joinpath("headings.yaml").read_text("utf-8"))
    return {_bare(word): role for role, words in lists.items() for word in words}


def _bare(heading: str) -> str:
    """
    >>> _bare("经度 (°E)"), _bare("X坐标/m"), _bare("拐点编号：")
    ('经度', 'x坐标', '拐点编号')
    """
    return _BESIDE.sub("", plain(heading[:_LONGEST])).lower()


def understood(rows: Rows, options: Options) -> Columns | None:
    """The first heading: one row, or two of which the upper one groups where no single one will do."""
    shown = rows[:_HEAD_ROWS]
    single = (
        _columns([cells], at, rows[place + 1 : place + 1 + _BELOW], options) for place, (at, cells) in enumerate(shown)
    )
    grouped = (
        _columns([upper, lower], at, rows[place + 2 : place + 2 + _BELOW], options)
        for place, ((_, upper), (at, lower)) in enumerate(pairwise(shown))
        if not _holds_numbers(lower)
    )
    return next((one for one in chain(single, grouped) if one.usable), None)


def _holds_numbers(cells: Sequence[str]) -> bool:
    return any(number(cell) is not None for cell in cells if cell.strip())


def _columns(headings: Sequence[Sequence[str]], after: int, below: Rows, options: Options) -> Columns:
    width = max(len(one) for one in headings)
    stacked = [[one[at][:_LONGEST].strip() if at < len(one) else "" for one in headings] for at in range(width)]
    names = ["_".join(dict.fromkeys(part for part in parts if part)) for parts in stacked]
    roles: dict[str, int] = {}
    for at, parts in enumerate(stacked):
        role = _words().get(_bare("".join(parts)), "") or _words().get(_bare(parts[-1]), "")
        if role and (role != "wkt" or _is_wkt(below, at)) and (role != "pair" or _is_pair(below, at)):
            roles.setdefault(role, at)
    for at in range(width):
        if "wkt" not in roles and _is_wkt(below, at):
            roles["wkt"] = at
    roles |= _asked(names, options)
    pair = next((one for one in PAIRS if one[0] in roles and one[1] in roles), None)
    shown = [name or f"列{at}" for at, name in enumerate(names, 1)]
    return Columns(tuple(unique(shown)), roles, after, pair)


def _asked(names: Sequence[str], options: Options) -> dict[str, int]:
    return {role: names.index(heading) for role, heading in options.columns.items() if heading in names}


def check_asked(columns: Columns, name: str, options: Options) -> None:
    """Refuse a column asked for that the table does not have."""
    for heading in options.columns.values():
        if heading not in columns.names:
            shown = "、".join(columns.names[:20])
            raise UnreadableGis("no_such_column", name=name, column=heading, headings=shown)


def _values(rows: Rows, at: int) -> list[str]:
    return [cells[at] for _, cells in rows if at < len(cells) and cells[at].strip()]


def _is_wkt(rows: Rows, at: int) -> bool:
    values = _values(rows, at)
    return bool(values) and bool(WKT.match(values[0]))


def _is_pair(rows: Rows, at: int) -> bool:
    values = _values(rows, at)
    return bool(values) and split_pair(values[0]) is not None


def split_pair(text: str) -> tuple[float, float] | None:
    """Two coordinates in one cell.

    >>> split_pair("116.39，39.9"), split_pair("东经116°23′，北纬39°54′"), split_pair("116.39")
    ((116.39, 39.9), (116.38333333333334, 39.9), None)
    """
    if len(text) > _LONGEST:
        return None
    parts = [part for part in re.split(r"[,，;；、]\s*|\s+(?=[\dNSEW东西南北+-])", text.strip(" ()（）[]")) if part]
    numbers = [number(part) for part in parts]
    return (numbers[0], numbers[1]) if len(numbers) == 2 and None not in numbers else None  # type: ignore[return-value]

"""What a register says beyond its list: its ground, what may be entered, what is public and what is personal.

From these, kit makes the record page, the form, the Excel template, the import, the files, the REST resource,
the OGC collection and the map layer. The declarations know no domain word.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from soildesk.core.permissions import Actor
    from soildesk.kit.parts import Act, Chip, Event, Fact, File, Step

EntryKind = Literal["text", "lines", "choice", "integer", "decimal", "date", "yes_no", "geometry"]
Choices = Sequence[tuple[str, Any]]


class Named(str):
    """The label of a choice that goes by other names too; whoever enters a name that is one choice's alone means it."""

    names: frozenset[str]

    def __new__(cls, label: str, names: Iterable[str]) -> Named:
        """The label with its names."""
        made = super().__new__(cls, label)
        made.names = frozenset(name for name in names if name)
        return made


@dataclass(frozen=True, slots=True)
class LegendClass:
    """One class of a layer: a value of the class field, its name, and its colour as #rrggbb (`line` its outline)."""

    value: Any
    title: Any
    color: str
    line: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a register's rows lie.

    `field` is the geometry's path in the queryset, `area` that of the computed area in m² (for low zooms), `label`
    and `title` name a row on the map. `class_field` colours by `classes`; without it one `color`. With `outline` areas
    are drawn by their edge alone, for boundaries under which everything else lies.
    """

    field: str = "geometry"
    shape: Literal["polygon", "line", "point", "mixed"] = "polygon"
    area: str = ""
    title: str = ""
    class_field: str = ""
    classes: Sequence[LegendClass] = ()
    color: str = "#2f6f73"
    outline: bool = False


@dataclass(frozen=True, slots=True)
class Public:
    """What answers without login: `queryset(on)` are the published rows, `columns` the keys that may be seen."""

    queryset: Callable[[date], QuerySet]
    columns: Sequence[str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing a person enters. `field` is the row's path where it is not `key`; `unit` stands beside the box.

    `choices` is a sequence of (value, label) or a function of (actor, on); `names` are other headings an Excel
    column may have; `note` is the hint under the box and in the template; `check(value)` gives the cleaned
    value or raises `soildesk.core.errors.Refusal`.
    """

    key: str
    title: Any
    kind: EntryKind = "text"
    required: bool = False
    field: str = ""
    choices: Choices | Callable[[Actor, date], Choices] = ()
    names: Sequence[str] = ()
    note: Any = ""
    unit: Any = ""
    example: Any = ""
    longest: int = 200
    check: Callable[[Any], Any] | None = None
    bulk: bool = False  # may be changed for many rows at once
    area_of_record: float = 0  # m² in one of its unit: an area on paper, compared with the area computed

    @property
    def path(self) -> str:
        """Where the value stands in a row of the queryset."""
        return self.field or self.key

    @property
    def heading(self) -> str:
        """The title with its unit, which some titles tell already."""
        title, unit = str(self.title), f"（{self.unit}）" if self.unit else ""
        return title if title.endswith(unit) else title + unit


@dataclass(frozen=True, slots=True)
class Change:
    """What a person asks to be written: values by entry key, from which day (None: a correction), why, and by what paper."""

    values: Mapping[str, Any]
    why: str
    since: date | None = None
    batch: Any = None


@dataclass(frozen=True)
class Writing:
    """How rows of a register are written: the room's own acts, one call a row, the audit entry inside.

    `add(actor, change, at)` gives the new row's key; `change(actor, key, change, at)` changes one row;
    `guard(actor, change, row | None)` says before anything is written what would be refused (sentences).
    `tells(actor)`, asked once for a whole file, gives what is worth knowing of each new row before it is written.
    `once(actor, change)` gives what only one new row of a file may say (None: any number may); where the act would refuse
    the second row, the preview refuses it.
    `beside(actor)`, asked once for a whole file, gives why a new row cannot stand beside those of the file before it; the
    preview of a file of geometry refuses it.
    `begin(actor, given)` says what the form of a new row begins with, by entry key, from what the address says.
    `after(actor, batch)` is done once, when all rows of a file are written, inside its transaction.
    `match` names the entries by which an imported row finds the row that stands (the first that is filled).
    """

    entries: Sequence[Entry]
    permission: str
    add: Callable[[Actor, Change, datetime], str] | None = None
    change: Callable[[Actor, str, Change, datetime], None] | None = None
    guard: Callable[[Actor, Change, Mapping[str, Any] | None], Sequence[str]] | None = None
    tells: Callable[[Actor], Callable[[Change], Sequence[str]]] | None = None
    once: Callable[[Actor, Change], Hashable] | None = None
    beside: Callable[[Actor], Callable[[Change], Sequence[str]]] | None = None
    begin: Callable[[Actor, Mapping[str, str]], Mapping[str, Any]] | None = None
    after: Callable[[Actor, Any], None] | None = None
    match: Sequence[str] = ("code",)
    dated: bool = True  # a change counts from a day
    template: str = ""  # name of the Excel template; the register's title without it

    def entry(self, key: str) -> Entry | None:
        """The entry called `key`."""
        return next((entry for entry in self.entries if entry.key == key), None)


@dataclass(frozen=True, slots=True)
class Edition:
    """What is said of a whole edition before its rows come: from which day it counts, its title and its paper.

    `attributes` are the columns carried beside the entries: {"name", "title", "type"}; `batch` is the import.
    """

    since: date
    title: str = ""
    document: str = ""
    attributes: Sequence[Mapping[str, str]] = ()
    batch: Any = None


@dataclass(frozen=True)
class BulkLoading:
    """How a collection takes in whole editions, chunk by chunk, of which nobody sees anything before `accept`.

    `start(actor, edition, at)` gives the key of an empty edition in state loading; `add_chunk(key, rows)` writes rows
    (entries by key, "geometry" in EPSG:4490, "area_m2", and "attributes" by name) inside the caller's short
    transaction; `accept(actor, key, at)` is the one act that makes the edition count and ends the one before it;
    `discard(key)` takes a loading edition away, in short transactions. `match` names the entry by which a row is
    compared with the row that stands.
    """

    entries: Sequence[Entry]
    permission: str
    start: Callable[[Actor, Edition, datetime], str]
    add_chunk: Callable[[str, Sequence[Mapping[str, Any]]], None]
    accept: Callable[[Actor, str, datetime], None]
    discard: Callable[[str], None]
    match: str = "code"


@dataclass(frozen=True)
class RecordPage:
    """What the room adds to the record page that kit makes of a row: everything a person would ask of it."""

    chips: Sequence[Chip] = ()
    life: Sequence[Step] = ()
    facts: Sequence[Fact] = ()
    acts: Sequence[Act] = ()
    files: Sequence[File] = ()
    history: Sequence[Event] = ()
    related: Sequence[tuple[str, str]] = ()  # (title, query of another register's list as an address)
    template: str = ""  # a template of the room, drawn below the facts
    context: Mapping[str, Any] | None = None

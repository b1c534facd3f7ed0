"""A register says what it is made of; `kit.pages.register_list` makes the page, the export and the acts of it.

    LEDGER = Register(
        name="rooms.things", title=_("事项台账"), permission="rooms.read",
        queryset=lambda actor, on: Thing.objects.visible_to(actor),
        columns=[
            Column("code", _("编号"), sort="code", width=8, frozen=True, format=cells.link),
            Column("title", _("事项"), sort="title", width=24, format=cells.clamp),
            Column("state", _("状态"), format=cells.chip(STATES)),
        ],
        filters=[ChoiceFilter("state", _("状态"), choices=Thing.State.choices)],
        search=["title", "code"],
        row_url=lambda row: reverse("rooms:thing", args=[row["uid"]]),
        default_sort="code",
    )

Rows are read with `.values()` of exactly the fields that the chosen columns name, one page at a time;
whatever needs other tables is added to the rows of a page at once by `enrich`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal

from django.db.models import Aggregate, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse

from soildesk.core.permissions import Actor
from soildesk.kit import cells
from soildesk.kit.faces import BulkLoading, Ground, Public, RecordPage, Writing
from soildesk.kit.filters import Filter

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stored:
    """The field of the query of which a computed column is told: programs filter by it (`soildesk.exchange`).

    `choices` are its (value, label), of which either may be asked for; `means(text)` says which rows a text asks for.
    """

    field: str
    choices: Sequence[tuple[Any, Any]] = ()
    means: Callable[[str], Q] | None = None

    def equal(self, value: Any) -> Q:
        """The rows asked for by a value, stored or told."""
        if self.means is not None:
            return self.means(value)
        stored = next((known for known, label in self.choices if value in (known, str(label))), value)
        return Q(**{self.field: stored})


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `width` is in em (3 to 40).

    `value` is a field path of the query or a function of the row; a function names in `fields` what it reads.
    `sort` is the field (or fields, parted by commas) to order by; empty: not sortable.
    `export` makes the value for a spreadsheet; without it a plain value is exported as it is.
    `stored` is the field behind a function of the row that tells one field in words.
    `shown=False`: only where a person chooses the column. `type` is the value's type at the edges (API, files).
    `file_name` is what programs call the column in a file of geometry; the value stands there as it is, not in words.
    `on_record=False`: another column says the same on the page of the record.
    """

    key: str
    title: str
    value: str | Callable[[Row], Any] = ""
    fields: Sequence[str] = ()
    sort: str = ""
    width: int = 8
    frozen: bool = False
    format: cells.Cell = cells.text
    numeric: bool = False
    shown: bool = True
    export: Callable[[Any, Row], Any] | None = None
    type: Literal["string", "number", "integer", "date", "datetime", "boolean"] = "string"
    stored: Stored | None = None
    file_name: str = ""
    on_record: bool = True

    def needs(self) -> list[str]:
        """The fields of the query this column reads."""
        named = [] if callable(self.value) or self.fields else [self.value or self.key]
        return [*named, *self.fields]

    def of(self, row: Row) -> Any:
        """This column's value in `row`."""
        if callable(self.value):
            return self.value(row)
        return row.get(self.value or self.key)

    def told(self, row: Row) -> Any:
        """The value as a spreadsheet or a report tells it: what the page shows as a chip by its word, never by its code."""
        value = self.of(row)
        if self.export:
            return self.export(value, row)
        words: Mapping[Any, Any] = getattr(self.format, "words", {})
        return str(words[value]) if words and value in words else value


@dataclass(frozen=True, slots=True)
class BulkAct:
    """An act on the chosen rows. `run(actor, keys, data, at)` does it in one service call and returns a sentence.

    `keys` are values of the register's `key`; `data` is what the form posted. `confirm` is asked before. An act that
    asks for more is a page instead: `page` names the address to which the chosen keys are posted.
    """

    name: str
    title: str
    permission: str
    run: Callable[[Actor, Sequence[str], Mapping[str, str], Any], str] | None = None
    icon: str = "check"
    confirm: str = ""
    page: str = ""

    @property
    def url(self) -> str:
        """The address of the page; empty where there is none."""
        return reverse(self.page) if self.page else ""


@dataclass(frozen=True, slots=True)
class PageAct:
    """A button over the list that leads to a page."""

    title: str
    url_name: str
    permission: str = ""
    icon: str = "plus-lg"
    primary: bool = False
    args: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """Where the button leads."""
        return reverse(self.url_name, args=self.args)


@dataclass(frozen=True)
class Register:
    """A register list, declared. `name` is `<room>.<register>` and names saved views and query budgets.

    `queryset(actor, on)` is scoped already: it is the only source of rows, counts, totals and exports.
    `enrich(rows, actor, on)` adds values to the rows of one page in a constant number of queries.
    `totals` maps a column key to an aggregate over all filtered rows.
    `views` are ready-made selections: (title, query string).

    With a `collection` (its short name at every edge: address, API, OGC, tiles, command) the register has all its
    faces (`soildesk.kit.faces`): `ground` puts it on the map, `writing` lets people enter, change and import,
    `bulk` takes whole editions in, `public` opens part of it without login. Columns named in `personal` are seen with `personal_permission` only.
    A queryset that takes `known_on` answers as known at that moment. `record(actor, row, on)` adds to the record page.
    """

    name: str
    title: str
    columns: Sequence[Column]
    queryset: Callable[..., QuerySet]  # (actor, on), and known_on where `knows_past`
    permission: str = ""
    filters: Sequence[Filter] = ()
    search: Sequence[str] = ()
    row_url: Callable[[Row], str] | None = None
    key: str = "uid"
    fields: Sequence[str] = ()
    enrich: Callable[[list[Row], Actor, date], None] | None = None
    row_class: Callable[[Row], str] | None = None
    bulk_acts: Sequence[BulkAct] = ()
    page_acts: Sequence[PageAct] = ()
    default_sort: str = ""
    page_size: int = 100
    totals: Mapping[str, Aggregate] = field(default_factory=dict)
    views: Sequence[tuple[str, str]] = ()
    empty: str = ""
    empty_else: tuple[str, str] = ("", "")  # a permission, and what an empty list says to who does not hold it
    export_limit: int = 50_000
    collection: str = ""
    subject: str = ""  # `app.model` of its records, where the register's name is not that already
    ground: Ground | None = None
    writing: Writing | None = None
    bulk: BulkLoading | None = None
    public: Public | None = None
    personal: Sequence[str] = ()
    personal_permission: str = ""
    knows_past: bool = False
    allows: Callable[[Actor], bool] | None = None  # narrows a permission held anywhere, e.g. to a layer's place
    record: Callable[[Actor, Row, date], RecordPage] | None = None
    begins: Callable[[Actor], date | None] | None = None  # the first day of which it says anything to the actor
    ask_first: Callable[[Any], str] | None = (
        None  # of a selection: where its export is asked for; empty: it needs no asking
    )
    outside: Callable[[QuerySet], QuerySet] | None = (
        None  # the rows programs may take away; without it all that are seen
    )
    asked: Callable[[QuerySet, QueryDict], QuerySet] | None = (
        None  # what the address asks that changes what rows say, not which they are; before every filter
    )
    about: str = ""

    def rows(self, actor: Actor, on: date, known_on: datetime | None = None) -> QuerySet:
        """The rows of a day, as known now or at a moment in the past."""
        if known_on is not None and self.knows_past:
            return self.queryset(actor, on, known_on=known_on)
        return self.queryset(actor, on)

    @property
    def address(self) -> Callable[[Row], str] | None:
        """Where a row leads: where the register says, otherwise the record page that kit makes."""
        if self.row_url is not None or not self.collection:
            return self.row_url
        start = reverse("kit:record", args=[self.collection, "-"]).removesuffix("-")
        return lambda row: f"{start}{row[self.key]}"

    def for_programs(self) -> Register:
        """The register with the rows that programs may take away."""
        outside, queryset = self.outside, self.queryset
        if outside is None:
            return self
        return replace(self, queryset=lambda *args, **known: outside(queryset(*args, **known)), outside=None)

    def column(self, key: str) -> Column | None:
        """The column called `key`."""
        return next((column for column in self.columns if column.key == key), None)

    def chosen_columns(self, keys: Iterable[str]) -> list[Column]:
        """Frozen columns and those named; with no names, the usual ones."""
        wanted = set(keys)
        return [c for c in self.columns if c.frozen or (c.key in wanted if wanted else c.shown)]


_registers: dict[str, Register] = {}
_providers: list[Callable[[], Iterable[Register]]] = []


def add(register: Register) -> Register:
    """Make a register known by name: for saved views, exports by job, the command line and the promises' tests."""
    _registers[register.name] = register
    return register


def provide(provider: Callable[[], Iterable[Register]]) -> Callable[[], Iterable[Register]]:
    """Registers that stand in the database, such as layers an office has made: read each time they are asked for."""
    _providers.append(provider)
    return provider


def registers() -> dict[str, Register]:
    """All registers by name."""
    provided = (register for provider in _providers for register in provider())
    return dict(_registers) | {register.name: register for register in provided}


def record_page(subject: str, uid: str) -> str:
    """The page of a record by its `app.model` and key; empty where its register has none."""
    for register in _registers.values():
        if register.collection and subject in (register.subject, register.name, register.name.removesuffix("s")):
            return reverse("kit:record", args=[register.collection, uid])
    return ""


def collections() -> dict[str, Register]:
    """The registers with faces, by the name of their collection; no layer takes the name of a register of the house."""
    held = {register.collection: register for register in registers().values() if register.collection}
    return held | house()


def called(name: str) -> Register | None:
    """The register with faces whose collection is called so; what the house declares is found without asking for layers."""
    return house().get(name) or collections().get(name)


def house() -> dict[str, Register]:
    """Those of them that are declared in code, whatever layers there are."""
    return {register.collection: register for register in _registers.values() if register.collection}

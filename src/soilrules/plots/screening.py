"""For which use a survey within limits frees ground: by the values it was judged by, beside the use that is planned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from soilrules.bases import Basis, bases_on
from soilrules.messages import Message
from soilrules.plots.lists import ROOM

BASES = ("gb36600.uses",)


class Column(StrEnum):
    """The values a survey was judged by."""

    FIRST = "first"
    SECOND = "second"
    OTHER = "other"


class Freed(StrEnum):
    """For which use ground is free. `ANY`: of both classes; `SECOND_ONLY`: not for one of the first."""

    ANY = "any"
    SECOND_ONLY = "second_only"
    NOT_TOLD = "not_told"


@dataclass(frozen=True, slots=True)
class Screened:
    """What values free ground for, and whether that suits the planned use. `fits`: None where that use is not determined."""

    freed: Freed
    fits: bool | None
    message: Message
    bases: tuple[Basis, ...]


def freed_by(column: str) -> Freed:
    """For which use values free ground.

    >>> freed_by("second"), freed_by("first"), freed_by("other")
    (<Freed.SECOND_ONLY: 'second_only'>, <Freed.ANY: 'any'>, <Freed.NOT_TOLD: 'not_told'>)
    """
    frees: dict[str, Freed] = {Column.FIRST: Freed.ANY, Column.SECOND: Freed.SECOND_ONLY}
    return frees.get(column, Freed.NOT_TOLD)


def screened(column: str, land_class: str, on: date) -> Screened:
    """Values beside a planned use, whose class is class_1, class_2 or not determined (empty, or part of a class).

    >>> screened("second", "class_1", date(2026, 9, 1)).fits, screened("second", "", date(2026, 9, 1)).fits
    (False, None)
    """
    freed = freed_by(column)
    known = land_class in ("class_1", "class_2")
    fits = {Freed.ANY: True, Freed.SECOND_ONLY: land_class == "class_2" if known else None}.get(freed)
    sentence = "first_class" if fits is False else str(freed)
    return Screened(freed, fits, Message(ROOM, "screened", sentence), bases_on(BASES, on))

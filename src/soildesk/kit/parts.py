"""What the parts of a page are made of: small frozen values that rooms fill and templates draw.

They know no domain word. `tone` is one of good, bad, warn, busy, calm, unknown; a part always carries
a word and an icon beside its colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

Tone = Literal["good", "bad", "warn", "busy", "calm", "unknown"]
Stage = Literal["done", "here", "missing", "ahead", "skipped"]

ICON_OF_TONE: dict[str, str] = {
    "good": "check-circle-fill",
    "bad": "x-circle-fill",
    "warn": "exclamation-triangle-fill",
    "busy": "hourglass-split",
    "calm": "circle",
    "unknown": "question-octagon",
}


@dataclass(frozen=True, slots=True)
class Chip:
    """A state or verdict. `why` is the sentence behind it; `url` leads to the whole reason."""

    tone: Tone
    word: str
    icon: str = ""
    why: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a fact list. `source` says where it comes from; `doubt` why it should be looked at."""

    name: str
    value: Any
    note: str = ""
    source: str = ""
    url: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of a life line."""

    title: str
    stage: Stage
    on: date | None = None
    note: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a history: when, who, what; `detail` under it."""

    at: datetime | date
    who: str
    what: str
    detail: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """One attachment. `size` in bytes; `url` serves it as a download through its record's permission."""

    name: str
    url: str
    size: int = 0
    kind: str = ""
    added_at: datetime | None = None
    added_by: str = ""
    note: str = ""
    withdrawn: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """A button named by a verb. With `stopped_by` it is shown switched off and says which rule stops it.

    `url` is followed (GET) or, with `post=True`, posted to with `data`; `confirm` is asked before.
    `dialog` names a <dialog> on the page to open instead.
    """

    title: str
    url: str = ""
    icon: str = ""
    post: bool = False
    primary: bool = False
    danger: bool = False
    stopped_by: str = ""
    confirm: str = ""
    dialog: str = ""
    data: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: a link, so that the tab is in the address."""

    title: str
    url: str
    here: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Tile:
    """A number that is a link to its rows. None is `cannot say`, never zero."""

    title: str
    count: int | None
    url: str = ""
    tone: Tone = "calm"
    note: str = ""

"""What is known of one duty that is supervised; every fact with the day from which it counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Term:
    """The last day of a duty (None: none is fixed), as it stands from a day on."""

    since: date
    due: date | None


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `start` up to `end`, which is the first day not in it; without an end it goes on."""

    start: date
    end: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class Answered:
    """A unit said on a day why; `key` names the slip."""

    key: str
    on: date


@dataclass(frozen=True, slots=True)
class DutyFacts:
    """One duty. Lateness follows from terms, `done_on` and `issued_on` by `soilrules.deadlines.state` alone.

    `terms`: the first stands from the start; a later one was given by the body that set the date. `progress`: the days on
    which something was told; None where nobody tells progress of such a duty. `suspended` 挂账: rests the escalation, never
    the lateness. `rested`: an internal extension rests what is below red. `important_since`: from that day it starts higher.
    """

    live: Span | None
    terms: tuple[Term, ...]
    done_on: date | None = None
    issued_on: date | None = None
    progress: tuple[date, ...] | None = None
    answers: tuple[Answered, ...] = ()
    suspended: tuple[Span, ...] = ()
    rested: tuple[Span, ...] = ()
    important_since: date | None = None

    def important(self, day: date) -> bool:
        """Whether the matter is an important one on the day."""
        return self.important_since is not None and self.important_since <= day

    def answered_by(self, key: str, day: date) -> bool:
        """Whether the unit has answered this slip by the end of the day."""
        return any(one.key == key and one.on <= day for one in self.answers)


def first_free(day: date, last: date, spans: Iterable[Span]) -> date | None:
    """The first day from `day` to `last` that lies in none of the spans."""
    rest = tuple(spans)
    while day <= last:
        over = next((one for one in rest if one.holds(day)), None)
        if over is None:
            return day
        if over.end is None:
            return None
        day = over.end
    return None

"""Which slips are due: everything that should have been issued of one duty by the end of a day.

The answer follows from facts that count from their days and from nothing that was issued before. So a run after a gap
says what daily runs would have said, and a slip that stands already is known by its key.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from soilrules import deadlines
from soilrules.deadlines import Due, State, WorkingCalendar
from soilrules.messages import Message
from soilrules.supervision.authorities import ROOM, Act
from soilrules.supervision.facts import DAY, DutyFacts, first_free
from soilrules.supervision.slips import Colour, Kind, Rules, RulesSince, SlipRule, To, in_order

FIRST = (Kind.NEAR, Kind.SLOW)
ON_WORKING_DAYS = (*FIRST, Kind.UNHEEDED)
"""Slips that wait for the next working day; what is overdue does not."""


@dataclass(frozen=True, slots=True)
class SlipDue:
    """One slip: its key (rule and term, so that it is issued once), day, colour, addressees, and why."""

    key: str
    rule: str
    kind: Kind
    colour: Colour
    on: date
    due: date
    to: tuple[To, ...]
    why: Message
    answer_by: date | None
    follows: str = ""  # the key of the slip it comes after
    then: Act | None = None


def slips_due(
    facts: DutyFacts, versions: Sequence[RulesSince], calendar: WorkingCalendar, until: date
) -> tuple[SlipDue, ...]:
    """Every slip of a duty that should have been issued by the end of `until`, in the order of their days."""
    found = _Ladder(facts, calendar)
    for part in _parts(facts, versions, until):
        found.climb(part)
    return tuple(sorted(found.issued.values(), key=lambda one: one.on))


@dataclass(frozen=True, slots=True)
class _Part:
    """Days `first` to `last`, both included, in which the term and the rules are the same and the duty is open."""

    first: date
    last: date
    due: date
    rules: Rules


def _parts(facts: DutyFacts, versions: Sequence[RulesSince], until: date) -> Iterator[_Part]:
    """The open life of a duty, cut where its term or the rules change."""
    if facts.live is None or not facts.terms:
        return
    last = min([until, *(day - DAY for day in (facts.live.end, facts.done_on) if day is not None)])
    ordered = in_order(versions)
    cuts = sorted({facts.live.start, *(one.since for one in facts.terms), *(one.since for one in ordered)})
    starts = [day for day in cuts if facts.live.start <= day <= last]
    for first, after in zip(starts, [*starts[1:], last + DAY], strict=False):
        rules = next((one.rules for one in reversed(ordered) if one.since <= first), None)
        due = next((one.due for one in reversed(facts.terms) if one.since <= first), facts.terms[0].due)
        if rules is not None and due is not None:
            yield _Part(first, after - DAY, due, rules)


@dataclass
class _Ladder:
    """What has been issued so far, part by part."""

    facts: DutyFacts
    calendar: WorkingCalendar
    issued: dict[str, SlipDue] = field(default_factory=dict)

    def climb(self, part: _Part) -> None:
        """Add what becomes due in a part."""
        for rule in part.rules.of(Kind.REMIND):
            self._issue(part, rule, part.due - timedelta(days=rule.days), part.due)
        for rule in part.rules.of(Kind.SLOW):
            self._slow(part, rule)
        self._next_colour(part)
        for rule in part.rules.of(Kind.NEAR):
            self._near(part, rule)
        self._next_colour(part)
        for rule in part.rules.of(Kind.OVERDUE):
            if self._is_late(part):
                self._issue(part, rule, part.due + DAY, part.last)
        self._after_red(part)

    def _is_late(self, part: _Part) -> bool:
        """Whether it is late on the last day of the part, by the one function that says so."""
        duty = Due(due=part.due, done_on=self.facts.done_on, issued_on=self.facts.issued_on)
        return deadlines.state(duty, part.last, self.calendar) is State.OVERDUE

    def _slow(self, part: _Part, rule: SlipRule) -> None:
        """Where progress is told at all: so many working days without any, near enough to the term."""
        told, live = self.facts.progress, self.facts.live
        if told is None or live is None:
            return
        anchors = sorted({live.start, *(day for day in told if day > live.start)})
        earliest = part.due - timedelta(days=rule.within_days) if rule.within_days else part.first
        for since, following in zip(anchors, [*anchors[1:], date.max], strict=True):
            start = max(earliest, self._nth(since, rule.days, part.last))
            self._issue(part, rule, start, min(part.due, following - DAY), term=since, since=since.isoformat())

    def _near(self, part: _Part, rule: SlipRule) -> None:
        """So few working days before the term; not where a higher colour was sent for this term already."""
        higher = [one.on for one in self.issued.values() if one.kind is Kind.UNHEEDED and one.due == part.due]
        last = min([part.due, *(day - DAY for day in higher)])
        self._issue(part, rule, self._working_days_before(part.due, rule.days), last)

    def _next_colour(self, part: _Part) -> None:
        for rule in part.rules.of(Kind.UNHEEDED):
            self._unheeded(part, rule)

    def _unheeded(self, part: _Part, rule: SlipRule) -> None:
        """The first slip of this term that was left without a reason and without progress."""
        firsts = [one for one in self.issued.values() if one.kind in FIRST and one.due == part.due]
        for slip in sorted(firsts, key=lambda one: one.on):
            heeded = [one.on for one in self.facts.answers if one.key == slip.key]
            heeded += [day for day in self.facts.progress or () if day >= slip.on]
            last = min([part.due, *(day - DAY for day in heeded)])
            start = self._nth(slip.on, rule.days, part.last)
            self._issue(part, rule, start, last, follows=slip)

    def _after_red(self, part: _Part) -> None:
        """Working days after the red slip of this term; a step is not made up for once a later one stands."""
        overdue = [one for one in self.issued.values() if one.kind is Kind.OVERDUE and one.due == part.due]
        steps = part.rules.of(Kind.AFTER_RED)
        for red in overdue:
            for place, rule in enumerate(steps):
                if not any(self._key(later, part.due) in self.issued for later in steps[place + 1 :]):
                    self._issue(part, rule, self._nth(red.on, rule.days, part.last), part.last, follows=red)

    def _issue(
        self,
        part: _Part,
        rule: SlipRule,
        start: date,
        last: date,
        *,
        term: date | None = None,
        follows: SlipDue | None = None,
        since: str = "",
    ) -> None:
        """Issue a slip on the first day from `start` to `last` of the part on which nothing rests it, unless it stands."""
        key = self._key(rule, term or part.due)
        if key in self.issued or self._before_issue(part):
            return
        rests = self.facts.suspended if rule.colour is Colour.RED else (*self.facts.suspended, *self.facts.rested)
        on = first_free(max(part.first, start), min(part.last, last), rests)
        while on is not None and rule.kind in ON_WORKING_DAYS and not self.calendar.is_working_day(on):
            on = first_free(on + DAY, min(part.last, last), rests)
        if on is None:
            return
        raised = self.facts.important(on)
        colour = rule.colour.raised(part.rules.raises if raised else 0)
        params = {
            "due": part.due.isoformat(), "days": str(rule.days), "left": str((part.due - on).days), "since": since,
            "first": follows.on.isoformat() if follows else "",
        }  # fmt: skip
        self.issued[key] = SlipDue(
            key=key,
            rule=rule.id,
            kind=rule.kind,
            colour=colour,
            on=on,
            due=part.due,
            to=self._addressees(part, rule, raised=raised and colour is not Colour.NONE),
            why=Message(ROOM, "why", rule.kind, params),
            answer_by=self.calendar.add_working_days(on, rule.answer_days)[0] if rule.answer_days else None,
            follows=follows.key if follows else "",
            then=rule.then,
        )

    def _before_issue(self, part: _Part) -> bool:
        """A term that had passed when the plan was issued: it is never late and nothing is said of it."""
        return self.facts.issued_on is not None and part.due < self.facts.issued_on

    def _addressees(self, part: _Part, rule: SlipRule, *, raised: bool) -> tuple[To, ...]:
        """Who gets it; of an important matter also those whom the next colour goes to."""
        more = {one for each in part.rules.of(Kind.UNHEEDED) for one in each.to} if raised else set()
        return tuple(one for one in To if one in {*rule.to, *more})

    @staticmethod
    def _key(rule: SlipRule, term: date) -> str:
        return f"{rule.id}:{term.isoformat()}"

    def _working_days_before(self, due: date, days: int) -> date:
        """The first day with no more than so many working days after it up to the term."""
        day, left = due, days
        while True:
            left -= self.calendar.is_working_day(day)
            if left < 0:
                return day
            day -= DAY

    def _nth(self, after: date, days: int, last: date) -> date:
        """The n-th working day after a day that is not suspended; the day after `last` where it lies beyond."""
        day = after
        while days and day <= last:
            day += DAY
            days -= self.calendar.is_working_day(day) and not any(one.holds(day) for one in self.facts.suspended)
        return day

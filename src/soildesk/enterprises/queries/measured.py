"""Rows the measures of this room count: firms of a place with their duties, demolitions, hazards, letters, notices."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from soildesk.core.calendar import working_calendar
from soildesk.enterprises.models import EnterpriseVersion, Hazard, HazardAct, ListNotice
from soildesk.enterprises.queries.cards import every_line, owed_by_firm
from soildesk.enterprises.queries.facts import Firm, View, firms
from soildesk.enterprises.sentences import said
from soildesk.kit.passes import once_a_pass
from soildesk.monitoring.measuring import Asked, of_place
from soilrules.deadlines.calendar import WorkingCalendar
from soilrules.enterprises.duties import CardLine
from soilrules.enterprises.dutyproblems import problems
from soilrules.enterprises.facts import EventKind

DEMOLISHED = ("demolition_unfiled", "demolition_filed_short")


@dataclass(frozen=True, slots=True)
class Demolition:
    """One demolition begun in the year, and what its dates show."""

    uid: UUID
    name: str
    subject: str
    filed: bool
    note: str


@once_a_pass(of_place)
def firms_of(asked: Asked) -> list[Firm]:
    """The firms of the place, as they were and as known."""
    return [one for one in _seen(asked) if one.row["division_path"].startswith(asked.division.path)]


@once_a_pass(lambda asked: (asked.on, asked.known))
def _seen(asked: Asked) -> list[Firm]:
    """All the firms the actor sees: places lie in one another."""
    return list(firms(View(asked.actor, asked.on, asked.known)))


def lines(asked: Asked, of: Callable[[CardLine], bool]) -> list[tuple[Firm, list[CardLine]]]:
    """Each firm with those lines of all its cards that are asked for."""
    found = ((firm, [line for line in owed if of(line)]) for firm, owed in _cards(asked))
    return [(firm, wanted) for firm, wanted in found if wanted]


@once_a_pass(of_place)
def _cards(asked: Asked) -> list[tuple[Firm, list[CardLine]]]:
    """The firms of the place with all that each itself has to do by law."""
    calendar = working_calendar()
    return [(firm, _owed(firm, asked, calendar)) for firm in firms_of(asked)]


@once_a_pass(lambda firm, asked, calendar: (firm.facts.unit, asked.on, asked.known))
def _owed(firm: Firm, asked: Asked, calendar: WorkingCalendar) -> list[CardLine]:
    return list(filter(owed_by_firm, every_line(firm, asked.on, calendar)))


def demolitions(asked: Asked) -> Iterator[Demolition]:
    """Each demolition begun in the year while on the list, filed or not."""
    wrong_at = _demolished_wrongly(asked)
    for firm in firms_of(asked):
        wrong = wrong_at.get(firm.facts.unit, {})
        for event in firm.facts.events:
            listed = any(
                stay.since <= event.on and (stay.until is None or event.on < stay.until) for stay in firm.facts.stays
            )
            if (
                event.kind is EventKind.DEMOLITION_STARTED
                and event.on.year == asked.year
                and event.on <= asked.limit
                and listed
            ):
                notes = wrong.get(event.subject, [])
                yield Demolition(firm.row["enterprise__uid"], firm.name, event.subject, not notes, "；".join(notes))


@once_a_pass(of_place)
def _demolished_wrongly(asked: Asked) -> Mapping[str, Mapping[str, list[str]]]:
    """By firm and demolition, what its dates show to be wrong."""
    calendar = working_calendar()
    found: dict[str, dict[str, list[str]]] = {}
    for firm in firms_of(asked):
        for one in problems(firm.facts, asked.on, calendar=calendar):
            if one.kind in DEMOLISHED:
                found.setdefault(firm.facts.unit, {}).setdefault(one.subject, []).append(said(one.message))
    return found


@once_a_pass(of_place)
def hazards(asked: Asked) -> list[tuple[Hazard, bool]]:
    """The hazards found by the day, and whether each was verified by then."""
    rows = Hazard.objects.visible_to(asked.actor).filter(
        division_path__startswith=asked.division.path, found_on__lte=asked.on, recorded_at__lt=asked.known
    )
    acts: dict[int, str] = {}
    told = HazardAct.objects.filter(hazard__in=rows, on__lte=asked.on, at__lt=asked.known)
    for hazard, kind in told.order_by("at", "id").values_list("hazard_id", "kind"):
        acts[hazard] = kind
    dropped, verified = HazardAct.Kind.DROPPED, HazardAct.Kind.VERIFIED
    return [(one, acts.get(one.pk) == verified) for one in rows if acts.get(one.pk) != dropped]


@once_a_pass(of_place)
def letters(asked: Asked) -> list[tuple[Firm, date | None, date | None]]:
    """The units on the list on the day, with the days their letter was signed and published."""
    found = []
    for firm in firms_of(asked):
        stays = [stay for stay in firm.facts.stays if stay.list_key == "soil_key"]
        if any(stay.since <= asked.on and (stay.until is None or asked.on < stay.until) for stay in stays):
            found.append(
                (
                    firm,
                    _last(firm, EventKind.LETTER_SIGNED, asked.limit),
                    _last(firm, EventKind.LETTER_PUBLISHED, asked.limit),
                )
            )
    return found


@once_a_pass(lambda asked, firms: of_place(asked, *firms))
def permits(asked: Asked, firms: Collection[UUID]) -> dict[UUID, tuple[str, date | None]]:
    """The state and last day of the permit of each firm, as its version of the day says."""
    rows = EnterpriseVersion.objects.visible_to(asked.actor).standing(asked.on, asked.known - timedelta(microseconds=1))
    told = rows.filter(enterprise__uid__in=firms).values_list("enterprise__uid", "permit_state", "permit_until")
    return {firm: (state, until) for firm, state, until in told}


def _last(firm: Firm, kind: EventKind, on: date) -> date | None:
    return max((one.on for one in firm.facts.events if one.kind is kind and one.on <= on), default=None)


@once_a_pass(of_place)
def notices(asked: Asked, list_key: str = "soil_key") -> list[ListNotice]:
    """The notices of a list decided for the place and known on the day, the newest first."""
    rows = ListNotice.objects.visible_to(asked.actor).filter(
        asked.decided_for, list_key=list_key, decided_on__lte=asked.limit, recorded_at__lt=asked.known
    )
    return list(rows.order_by("-decided_on", "-id"))

"""What raises the chance of a firm to be inspected, as far as the desk knows it: facts that nobody knows add nothing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from soildesk.core.permissions import Actor
from soildesk.enterprises.queries import firms, hazards
from soildesk.enterprises.queries.cards import cards
from soildesk.enterprises.queries.facts import STOPPED, View
from soildesk.enterprises.queries.facts import firms as facts_of
from soildesk.oversight.models import Problem, Visit
from soilrules.enterprises import inspection_lot
from soilrules.enterprises.duties import CardState
from soilrules.enterprises.facts import EventKind

LOOKED_BACK = timedelta(days=3 * 365)
LONG_UNVISITED = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A firm with its weight, what raised it and what nobody knows."""

    enterprise_id: int
    number: str
    name: str
    weight: Decimal
    reasons: tuple[str, ...]
    unknown: tuple[str, ...]


def weigh_all(actor: Actor, on: date, list_key: str = "") -> list[Weighed]:
    """The firms at work that are on a list (all without one), each with its weight of the day, by number."""
    rows = list(firms.enterprises(actor, on).exclude(state__in=STOPPED).select_related("enterprise"))
    lists = firms.lists_of([row.enterprise_id for row in rows], on)
    if list_key:
        rows = [row for row in rows if any(one.list_key == list_key for one in lists.get(row.enterprise_id, ()))]
    keys = [row.enterprise_id for row in rows]
    known = _Known.of(actor, on, keys)
    found = []
    for row in sorted(rows, key=lambda one: one.enterprise.number):
        key = row.enterprise_id
        facts = {
            "soil_key": any(one.list_key == "soil_key" for one in lists.get(key, ())),
            "high_risk_ground": row.high_risk_ground,
            "near_sensitive": row.near_sensitive,
            **known.facts(key),
        }
        weight = inspection_lot.weigh(facts, on)
        found.append(Weighed(key, row.enterprise.number, row.name, weight.value, weight.reasons, weight.unknown))
    return found


@dataclass(frozen=True, slots=True)
class _Known:
    """What the records of oversight and duties say of some firms."""

    overdue: frozenset[int]
    abnormal: frozenset[int]
    troubled: frozenset[int]
    complained: frozenset[int]
    visited: frozenset[int]
    inspected: frozenset[int]  # those of which any hazard was ever written down
    hazardous: frozenset[int]

    @classmethod
    def of(cls, actor: Actor, on: date, keys: Collection[int]) -> _Known:
        """Read for some firms."""
        view = View(actor, on)
        since = on - LOOKED_BACK
        problems = Problem.objects.filter(enterprise__in=keys, found_on__gt=since, found_on__lte=on)
        problems = problems.exclude(state=Problem.State.DISMISSED)
        letters = problems.filter(source=Problem.Source.LETTER)
        visits = Visit.objects.filter(
            enterprise__in=keys, superseded_at=None, on__gt=on - LONG_UNVISITED, on__lte=on
        ).exclude(found=Visit.Found.NOT_MET)
        late = {
            card.firm.row["enterprise_id"] for card in cards(view, on.year, only=keys) if card.count(CardState.OVERDUE)
        }
        found = hazards.hazards(actor, on).filter(hazards.COUNTED, enterprise__in=keys)
        return cls(
            frozenset(late),
            frozenset(_abnormal(view, keys)),
            frozenset(problems.values_list("enterprise_id", flat=True)),
            frozenset(letters.values_list("enterprise_id", flat=True)),
            frozenset(visits.values_list("enterprise_id", flat=True)),
            frozenset(found.values_list("enterprise_id", flat=True)),
            frozenset(found.filter(hazards.LIVE).values_list("enterprise_id", flat=True)),
        )

    def facts(self, key: int) -> dict[str, bool | None]:
        """Facts of one firm. Without any hazard on record nobody knows; hints in data are a person's to weigh."""
        return {
            "open_hazard": key in self.hazardous if key in self.inspected else None,
            "overdue_duty": key in self.overdue,
            "abnormal_monitoring": key in self.abnormal,
            "former_problem": key in self.troubled,
            "complaint": key in self.complained,
            "long_unvisited": key not in self.visited,
        }


def _abnormal(view: View, keys: Collection[int]) -> list[int]:
    """Firms with an anomaly that is not closed."""
    found = []
    for firm in facts_of(view, only=keys):
        known = [one for one in firm.facts.events if one.on <= view.on]
        opened = {one.subject for one in known if one.kind is EventKind.ANOMALY}
        closed = {one.subject for one in known if one.kind is EventKind.ANOMALY_CLOSED}
        if opened - closed:
            found.append(firm.row["enterprise_id"])
    return found

"""Results of the assessment of hazardous-waste management as of a day: which of a firm counts, and who has none."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from soildesk.enterprises.models import EnterpriseVersion, WasteAssessment
from soildesk.enterprises.queries.firms import names_of
from soildesk.monitoring.measuring import Asked

Kind = WasteAssessment.Kind
DOES = {Kind.PRODUCER: "produces_waste", Kind.OPERATOR: "handles_waste"}


@dataclass(frozen=True, slots=True)
class Assessed:
    """The results of one kind of units that count, each with what its firm is called, and how many units there are."""

    results: list[tuple[WasteAssessment, str]]
    units: int
    unknown: int  # of how many nobody knows whether they are such units

    @property
    def nobody(self) -> bool:
        """Whether it is known that the place has no such unit."""
        return not (self.results or self.units or self.unknown)


def assessed(asked: Asked, kind: str, *, spot: bool) -> Assessed:
    """The last result of each unit in the year asked for; `spot`: of those spot-checked alone."""
    held = _known(asked).filter(kind=kind, year=asked.year, on__lte=asked.on)
    held = held.filter(round=WasteAssessment.Round.SPOT) if spot else held
    last = {one.enterprise_id: one for one in held.order_by("on", "recorded_at", "pk")}
    names = names_of(list(last), asked.on)
    rows = [(one, names.get(key, "")) for key, one in sorted(last.items())]
    firms = EnterpriseVersion.objects.visible_to(asked.actor).standing(asked.on, asked.known)
    said = list(firms.filter(division_path__startswith=asked.division.path).values_list(DOES[Kind(kind)], flat=True))
    return Assessed(rows, said.count(True), said.count(None))


def _known(asked: Asked) -> QuerySet[WasteAssessment]:
    """The results of the place as they were known."""
    rows = WasteAssessment.objects.visible_to(asked.actor).filter(
        Q(superseded_at=None) | Q(superseded_at__gte=asked.known), recorded_at__lt=asked.known
    )
    return rows.filter(division_path__startswith=asked.division.path)

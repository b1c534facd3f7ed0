"""Results of the assessment of hazardous-waste management as of a day: which of a firm counts, and who has none."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from soildesk.enterprises.models import EnterpriseVersion, WasteAssessment
from soildesk.enterprises.queries.firms import names_of
from soildesk.kit.passes import once_a_pass
from soildesk.monitoring.measuring import Asked, of_place, of_year

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


@once_a_pass(of_year)
def assessed(asked: Asked, kind: str, *, spot: bool) -> Assessed:
    """The last result of each unit in the year asked for; `spot`: of those spot-checked alone."""
    held = [one for one in _known(asked) if (one.kind, one.year) == (kind, asked.year)]
    held = [one for one in held if one.round == WasteAssessment.Round.SPOT] if spot else held
    last = {one.enterprise_id: one for one in held}
    names = _names(asked)
    rows = [(one, names.get(key, "")) for key, one in sorted(last.items())]
    said = [what[DOES[Kind(kind)]] for what in _said(asked)]
    return Assessed(rows, said.count(True), said.count(None))


@once_a_pass(of_place)
def _names(asked: Asked) -> dict[int, str]:
    """What the firms with results are called."""
    return names_of({one.enterprise_id for one in _known(asked)}, asked.on)


@once_a_pass(of_place)
def _said(asked: Asked) -> list[dict[str, bool | None]]:
    """Of each firm of the place, whether it produces waste and whether it handles any."""
    firms = EnterpriseVersion.objects.visible_to(asked.actor).standing(asked.on, asked.known)
    return list(firms.filter(division_path__startswith=asked.division.path).values(*DOES.values()))


@once_a_pass(of_place)
def _known(asked: Asked) -> list[WasteAssessment]:
    """The results of the place up to the day, as they were known."""
    rows = WasteAssessment.objects.visible_to(asked.actor).filter(
        Q(superseded_at=None) | Q(superseded_at__gte=asked.known), recorded_at__lt=asked.known
    )
    rows = rows.filter(division_path__startswith=asked.division.path, on__lte=asked.on)
    return list(rows.order_by("on", "recorded_at", "pk"))

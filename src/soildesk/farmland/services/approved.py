"""What a decision says of one unit."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from soildesk.farmland.models import Unit


@dataclass(frozen=True, slots=True)
class Approved:
    """The class of one unit as the decision names it. `controlling`: elements as slugs; `area_m2`: as printed."""

    unit: Unit
    farmland_class: str
    controlling: tuple[str, ...] = ()
    area_m2: Decimal | None = None

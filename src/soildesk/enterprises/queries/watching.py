"""The monitoring of one firm: its own points and those around it, and what in its data deserves a look by a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from soildesk.core.permissions import Actor
from soildesk.enterprises.models import EnterpriseVersion
from soildesk.enterprises.sentences import said
from soildesk.monitoring.queries import watched
from soildesk.monitoring.queries.watched import Watched
from soilrules.enterprises.plausible_data import FILED, hints


@dataclass(frozen=True, slots=True)
class Watching:
    """Points the firm monitors itself, points of the bureau around it, and sentences about the firm's data."""

    own: Sequence[Watched]
    around: Sequence[Watched]
    hints: Sequence[str]
    results: int


def watching(actor: Actor, firm: EnterpriseVersion, on: date) -> Watching:
    """The points that name the firm by its credit code or number."""
    codes = [code for code in (firm.credit_code, firm.enterprise.number) if code]
    found = watched.points(actor, codes, on)
    own = [one for one in found if one.kind == watched.SELF]
    rows = [row for row in watched.filed([one.pk for one in own]) if row["round"] <= on]
    told = hints(pa.RecordBatch.from_pylist(rows, schema=FILED), on).hints if rows else ()
    around = [one for one in found if one.kind != watched.SELF]
    return Watching(own, around, [said(one.message) for one in told], len(rows))

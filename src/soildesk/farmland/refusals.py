"""Why an act on farmland was refused: stable codes, sentences for people."""

from __future__ import annotations

from soildesk.core.errors import Refusal


class FarmlandRefused(Refusal):
    """An act was refused. `code` never changes; the sentence says value, place, expectation, next step."""

    code = "farmland.refused"


class OfficeRefused(FarmlandRefused):
    """The act belongs to another office.

    Codes: farmland.office.other, .unstated, .nobody.
    """

    code = "farmland.office.refused"


class UseRefused(FarmlandRefused):
    """A plan, measure, zone, task, visit or rate cannot be written so.

    Codes: farmland.use.unit, .year, .kind, .class, .area, .ground, .evidence, .days, .future, .words, .code, .twice,
    .office, .division, .stale, .not_found, .order, .paper, .evaluator.
    """

    code = "farmland.use.refused"

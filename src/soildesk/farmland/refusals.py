"""Why an act on farmland was refused: stable codes, sentences for people."""

from __future__ import annotations

from typing import Any

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


class UnitRefused(FarmlandRefused):
    """An evaluation unit cannot be written so.

    Codes: farmland.unit.unknown_fact, .name_missing, .choice, .number, .code_taken, .overlap, .future, .later_versions,
    .lineage_fixed, .ground_moved, .keeper, .not_found, .place.
    """

    code = "farmland.unit.refused"


class HouseholdRefused(FarmlandRefused):
    """A household cannot be written so.

    Codes: farmland.household.unit, .head, .area, .beyond_unit, .days, .stale, .why_missing, .not_found, .twice, .place.
    """

    code = "farmland.household.refused"


class LineageRefused(FarmlandRefused):
    """Units cannot be divided, joined or given other bounds so.

    Codes: farmland.lineage.why_missing, .future, .too_few, .twice, .not_open, .other_place, .class, .ground, .apart, .gap,
    .overlap, .outside, .same.
    """

    code = "farmland.lineage.refused"


class ClassRefused(FarmlandRefused):
    """An approval of classes cannot be registered, or taken back, so. `rows` tell each unit that cannot be taken.

    Codes: farmland.class.words, .days, .future, .authority_wrong, .authority_unsure, .twice, .rows, .empty, .stale,
    .why_missing, .receipt, .elsewhere, .in_use.
    """

    code = "farmland.class.refused"

    def __init__(self, sentence: str, *, code: str = "", rows: Any = ()) -> None:
        super().__init__(sentence, code=code)
        self.rows = tuple(rows)

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


class ClassifyRefused(FarmlandRefused):
    """A classification, its field check, its review or a thread of adjustment cannot be written so.

    Codes: farmland.classify.words, .days, .future, .rounds, .ruleset, .office, .state, .units, .misfit, .unchecked, .stale,
    .apart, .left_out, .opinions, .unknown_unit, .class, .why_missing, .trigger, .not_found, .differs, .same_terms.
    """

    code = "farmland.classify.refused"


class InputRefused(FarmlandRefused):
    """A figure, a holding, a line of its ledger, something put on land or a trace of water cannot be written so.

    Codes: farmland.input.figure, .value, .year, .division, .document, .bureau, .place_only, .twice, .stale, .words, .future,
    .choice, .name_missing, .unknown_fact, .holding, .unit, .point, .ground, .not_asking, .ended, .not_found, .code_taken, .days.
    """

    code = "farmland.input.refused"


class SeasonRefused(FarmlandRefused):
    """A season cannot be written so.

    Codes: farmland.season.words, .year, .days, .area, .twice, .unit, .used, .why_missing, .stale.
    """

    code = "farmland.season.refused"


class ProduceRefused(FarmlandRefused):
    """A test of produce cannot be written so.

    Codes: farmland.produce.words, .days, .future, .values, .place, .unit, .lot, .holding, .twice, .done, .used, .why_missing.
    """

    code = "farmland.produce.refused"


class LotRefused(FarmlandRefused):
    """A lot of grain cannot be locked, told of or unlocked so.

    Codes: farmland.lot.decided, .words, .days, .future, .area, .units, .locked_already, .not_locked, .loose, .unexplained,
    .unlocked, .number, .why_missing, .not_found.
    """

    code = "farmland.lot.refused"


class GrainRefused(FarmlandRefused):
    """Tonnes or money of a lot cannot be written so.

    Codes: farmland.grain.words, .part, .tonnes, .days, .future, .kept, .household, .not_locked, .too_much, .test, .used,
    .why_missing, .code, .money, .office, .not_found.
    """

    code = "farmland.grain.refused"


class GrainNoticeRefused(FarmlandRefused):
    """A notice about grain cannot be sent or answered so.

    Codes: farmland.grain_notice.words, .days, .future, .to, .about, .twice, .answered, .not_yours.
    """

    code = "farmland.grain_notice.refused"

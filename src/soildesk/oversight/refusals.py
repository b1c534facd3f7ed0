"""Why an act of oversight was refused: stable codes, sentences for people."""

from __future__ import annotations

from soildesk.core.errors import Refusal


class OversightRefused(Refusal):
    """An act was refused. `code` never changes; the sentence says value, place, expectation, next step."""

    code = "oversight.refused"


class ProblemRefused(OversightRefused):
    """A problem cannot be written so.

    Codes: oversight.problem.fact_missing, .choice, .found, .due, .acted, .no_firm, .twice, .ended, .state, .note_missing,
    .no_unit, .no_evidence, .same_person, .not_unit, .other_place, .same_due, .not_setter, .document_missing, .not_found,
    .law_missing, .penalty, .too_many.
    """

    code = "oversight.problem.refused"


class PlanRefused(OversightRefused):
    """A plan of inspections cannot be drawn so. Codes: oversight.plan.missing, .days, .wanted, .empty, .state, .seed."""

    code = "oversight.plan.refused"


class VisitRefused(OversightRefused):
    """A visit cannot be written so.

    Codes: oversight.visit.missing, .future, .found, .problems, .point, .photos, .plan, .superseded, .no_firm.
    """

    code = "oversight.visit.refused"

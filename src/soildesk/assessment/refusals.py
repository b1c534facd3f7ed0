"""Why an act of assessment was refused: stable codes, sentences for people."""

from __future__ import annotations

from soildesk.core.errors import Refusal


class AssessmentRefused(Refusal):
    """An act was refused.

    Codes: assessment.scheme.(unknown|changes|document|year|same|own|workbook), assessment.open.(level|place|twice|unit|due), assessment.state,
    assessment.side, assessment.part, assessment.item.(unknown|value|evidence|why), assessment.sample.(seed|share|none|open|outcome),
    assessment.objection.(twice|open|late|answered), assessment.final.(document|changed), assessment.proposal.(why|decided).
    """

    code = "assessment.refused"

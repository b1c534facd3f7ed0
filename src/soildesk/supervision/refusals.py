"""Why an act of supervision was refused: stable codes, sentences for people."""

from __future__ import annotations

from soildesk.core.errors import Refusal


class SupervisionRefused(Refusal):
    """An act was refused. `code` never changes; the sentence says value, place, expectation, next step.

    Codes: supervision.rules.(bad|past|office|ground), supervision.office.(twice|ended|ground|past|place),
    supervision.slip.(state|reason|unit), supervision.matter.(done|kind|gone), supervision.extension.(late|day|twice|state|
    note|document|internal|same_person), supervision.suspension.(day|twice|state|note|same_person|over),
    supervision.important.(twice|none|ground), supervision.authority, supervision.round.(twice|day|plans|units|items|note|early|state|period),
    supervision.sheet.(unit|state|word|day|stale), supervision.letter.(office|own|title|units|empty|items|state|answer_by|talk_on|
    answer|twice|document|day|note|open|changed), supervision.talk.(state|day|units|promises|note|result|open|same_person),
    supervision.meeting.(state|title|day|units|agenda|minutes|number|names), supervision.leader.(person).
    """

    code = "supervision.refused"

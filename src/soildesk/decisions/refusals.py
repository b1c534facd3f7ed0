"""Why an act at the gate was refused: stable codes, sentences for people."""

from __future__ import annotations

from soildesk.core.errors import Refusal


class GateRefused(Refusal):
    """A question cannot be put, or an act on its answer cannot be done. `code` never changes."""

    code = "decisions.refused"


class GroundActRefused(Refusal):
    """An act on ground cannot be written down."""

    code = "decisions.ground_act.refused"


class OpinionRefused(Refusal):
    """An act on a written opinion cannot be done."""

    code = "decisions.opinion.refused"


class ProfileRefused(Refusal):
    """Local rules cannot be adopted so."""

    code = "decisions.profile.refused"

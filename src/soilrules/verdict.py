"""What a rule answers: an outcome with its rule, its basis and its reason. `unknown` is an answer, never a pass."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """Every answer of a judgement by limits, the graver the later; unknown is graver than a pass."""

    MEETS = "meets"
    UNKNOWN = "unknown"
    EXCEEDS = "exceeds"
    EXCEEDS_SCREENING = "exceeds_screening"
    EXCEEDS_CONTROL = "exceeds_control"

    @property
    def gravity(self) -> int:
        """The place in the order above: the gravest outcome of a sample's analytes is the sample's."""
        return list(Outcome).index(self)


class Mark(StrEnum):
    """How sure a figure of the rule data is. From knowledge: check the printed standard before relying on it."""

    DOUBLE_SOURCED = "double-sourced"
    SINGLE_SOURCED = "single-sourced"
    FROM_KNOWLEDGE = "from-knowledge"

    @property
    def doubt(self) -> int:
        """The place in the order above: a verdict is as sure as the least sure figure it rests on."""
        return list(Mark).index(self)

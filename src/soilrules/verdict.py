"""What a rule answers: an outcome with its rule, its basis and its reason. `unknown` is an answer, never a pass."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """Every answer of a judgement by limits, worst last. Single-limit standards say meets, exceeds or unknown."""

    MEETS = "meets"
    UNKNOWN = "unknown"
    EXCEEDS = "exceeds"
    EXCEEDS_SCREENING = "exceeds_screening"
    EXCEEDS_CONTROL = "exceeds_control"


class Mark(StrEnum):
    """How sure a figure of the rule data is. From knowledge: check the printed standard before relying on it."""

    DOUBLE_SOURCED = "double-sourced"
    SINGLE_SOURCED = "single-sourced"
    FROM_KNOWLEDGE = "from-knowledge"

    def weaker(self, other: Mark) -> Mark:
        """The less sure of two marks: a verdict is as sure as the weakest figure it rests on."""
        order = list(Mark)
        return max(self, other, key=order.index)

"""Kinds of what is known of a ground: steps, reports, past uses, zones, and how far plan and supply have come."""

from __future__ import annotations

from enum import StrEnum


class StepKind(StrEnum):
    """What a plot may be required to do."""

    SURVEY = "survey"
    ASSESSMENT = "assessment"
    CONTROL = "control"
    REMEDIATION = "remediation"
    EVALUATION = "evaluation"


class ReportKind(StrEnum):
    """Reports whose area lies on the ground, in the order of the stages."""

    PRELIMINARY = "preliminary"
    DETAILED = "detailed"
    RISK_ASSESSMENT = "risk_assessment"
    EFFECT_EVALUATION = "effect_evaluation"
    FARMLAND_SURVEY = "farmland_survey"


SURVEYS = (ReportKind.PRELIMINARY, ReportKind.DETAILED)


class PastKind(StrEnum):
    """What stood on a ground; NONE: the records were read and show nothing industrial."""

    KEY_INDUSTRY = "key_industry"  # the industries and the hazardous-waste sites that make a ground suspected
    INDUSTRY = "industry"
    FILLING_STATION = "filling_station"
    GARAGE = "garage"
    NONE = "none"


class ZoneKind(StrEnum):
    """Zones of farmland and control."""

    BASIC_FARMLAND = "basic_farmland"
    PRIORITY_FARMLAND = "priority_farmland"
    SAFE_USE_FARMLAND = "safe_use_farmland"
    STRICT_FARMLAND = "strict_farmland"
    CONTROL_ZONE = "control_zone"


class PlanState(StrEnum):
    """How far the plan and the supply of a ground have come."""

    NOT_SUBMITTED = "not_submitted"
    REVIEWED_NOT_APPROVED = "reviewed_not_approved"
    SUPPLY_APPROVED = "supply_approved"


class Transfer(StrEnum):
    """Whether the land right is recalled or transferred."""

    TO_COME = "to_come"
    NOT_INVOLVED = "not_involved"
    DONE = "done"

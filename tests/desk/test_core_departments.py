"""Printed units and groups, as an expert would place them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from desk.conftest import World

from soildesk.core import audit, departments
from soildesk.core.models import AuditEntry, Department, DepartmentAlias, DepartmentSuccession, DivisionAttribute
from soildesk.core.permissions import NotAllowed

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "departments.yaml").read_text("utf-8"))
HOWS = {"exact", "alias", "short", "suffix", "succession", "doubtful", "none"}


def test_every_outcome_has_a_case() -> None:
    assert {case["how"] for case in CASES} == HOWS


def test_printed_units_are_placed(world: World) -> None:
    for case in CASES:
        if "alias_of" in case:
            departments.confirm_alias(
                case["printed"], world.departments[case["alias_of"]], by=world.actor("officer"), at=world.at)
    directory = departments.Directory(world.district, world.day)
    wrong = [_told(case, directory.match(case["printed"])) for case in CASES]
    assert [line for line in wrong if line] == []


def _told(case: dict[str, Any], match: departments.Match) -> str:
    name = match.department.name if match.department else None
    if (name, match.how) == (case["is"], case["how"]):
        return ""
    return f"{case['printed']}: {name} by {match.how} {match.confidence}, expected {case['is']} by {case['how']}"

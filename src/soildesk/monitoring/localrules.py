"""Local rules 属地规则 of monitoring: numbers that a place chooses, each with where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from soilrules.strict import load_yaml


@cache
def rule(name: str) -> Mapping[str, Any]:
    """One rule by name: its numbers, its mark and its source."""
    found: Mapping[str, Any] = load_yaml(files("soildesk.monitoring") / "local_rules.yaml")[name]
    return found


def share_due(ends_on: date) -> date:
    """The day by which the data of a campaign that ends on a day are shared.

    >>> share_due(date(2026, 11, 30))
    datetime.date(2027, 3, 31)
    """
    given = rule("share_data")
    return date(ends_on.year + given["years_after"], given["month"], given["day"])

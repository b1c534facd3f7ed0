"""Whether the office a paper names is one that decides, as far as its name tells."""

from __future__ import annotations

import doctest
from typing import Any

import pytest
from plot_cases import cases

from soilrules.enterprises.lists import Level
from soilrules.messages import LANGUAGES
from soilrules.plots import authorities
from soilrules.plots.authorities import NOTHING, Fits, Named, Office, Own, judge, line_asked, line_of_event
from soilrules.plots.lifedata import life_table
from soilrules.plots.state import EventKind

OWN = Own(
    {
        "云中省": frozenset({Level.PROVINCE}),
        "云泽市": frozenset({Level.CITY}),
        "青禾区": frozenset({Level.COUNTY}),
        "禹禾市": frozenset({Level.COUNTY}),
    },
    {"区环境办": Office("区环境办", "ecology", frozenset({Level.COUNTY}))},
)


@pytest.mark.parametrize(
    "case", cases("authorities"), ids=lambda case: f"{case['list']} {case['name']} {case['level']}"
)
def test_who_is_named_is_compared_with_line_and_level(case: dict[str, Any]) -> None:
    named = Named(case["name"], Level(case["level"]), case.get("for", ""), frozenset(case.get("cities", ())))
    found = judge(named, line_asked(case["list"]), OWN if case.get("own") else NOTHING)

    assert found.fits == case["fits"]
    assert (found.message.id if found.message else None) == case.get("sentence")
    assert found.message is None or all(found.message.sentence(one) for one in LANGUAGES)


def test_only_what_the_law_gives_to_a_line_asks_for_it() -> None:
    asked = {event for event in EventKind if line_of_event(event) == "ecology"}

    assert {"suspected_listed", "polluted_listed", "risk_level_set", "roster_listed", "removal_decided"} <= asked
    assert not asked & {"negative_listed", "priority_left", "violation_found", "carried_over", "works_begun"}
    assert all(life_table().transitions[one].by for one in asked)


def test_one_name_at_two_levels_is_not_known() -> None:
    twice = Own({"云泽市": frozenset({Level.CITY, Level.COUNTY})}, {})

    assert judge(Named("云泽市生态环境局", Level.CITY), "ecology", twice).fits is Fits.UNSURE
    assert judge(Named("云泽市生态环境局", Level.PROVINCE), "ecology", twice).fits is Fits.WRONG


def test_the_examples_hold() -> None:
    assert doctest.testmod(authorities).failed == 0

"""The reference page of firms names every list, criterion, industry, sign, edition, fault and rate there is."""

from __future__ import annotations

from pathlib import Path

from soilrules.enterprises.credit_code import Fault
from soilrules.enterprises.criteria import Verdict, criteria_rules, leaving_rules
from soilrules.enterprises.hazards import Kind, State
from soilrules.enterprises.industries import classification
from soilrules.enterprises.inspection import guide
from soilrules.enterprises.lists import list_kinds
from soilrules.enterprises.plausible_data import plausible_rules

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "enterprise-lists.md").read_text("utf-8")
RATES = ("hazard_rectification", "hazard_inspection_rate", "self_monitoring_rate", "toxic_report_rate")
MORE_RATES = ("demolition_filing_rate", "letter_rate", "hazardous_waste_pass_rate")


def test_everything_is_named() -> None:
    signs = {key.removeprefix("plausible.") for key in plausible_rules()} - {"together"}
    held = guide()
    words = {*list_kinds(), *criteria_rules(), *leaving_rules(), *classification().key_industries, *signs, *RATES}
    words |= {
        *MORE_RATES,
        *(one.key for one in (*held.editions, *held.groups)),
        *map(str, (*Fault, *Verdict, *State, *Kind)),
    }

    assert sorted(word for word in words if f"`{word}`" not in PAGE) == []


def test_who_decides_a_list_is_as_in_the_data() -> None:
    rows = {line.split("|")[1].strip().strip("`"): line for line in PAGE.splitlines() if line.startswith("| `")}
    for kind in list_kinds().values():
        deciders = rows[kind.key].split("|")[3]
        assert {one.strip() for one in deciders.split(",")} == set(kind.deciders)
        assert ("31 March" in rows[kind.key]) == (kind.publication is not None)

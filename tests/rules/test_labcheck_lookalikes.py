"""A number of no task is compared with the known ones; one is named only where no other fits."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st
from labfiles import GOOD, HEAD, csv
from test_labcheck import TODAY

from soilrules.labcheck import Asked, check
from soilrules.labcheck.lookalikes import Lookalikes

KNOWN = ("QH-A7K2M", "QH-B3F9T", "QH-0185X", "QH-C4D6W")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("QH-O185X", "QH-0185X"),  # letter O
        ("QH-0l85X", "QH-0185X"),  # letter l
        ("qh-0I85x", "QH-0185X"),
        ("ＱＨ－０１８５Ｘ", "QH-0185X"),
        ("QH-A7 K2M", "QH-A7K2M"),
        ("QH-A72KM", "QH-A7K2M"),  # neighbours changed about
        ("HQ-A7K2M", "QH-A7K2M"),
        ("QH-A7K2N", "QH-A7K2M"),  # one character wrong
        ("QH-B8F9T", "QH-B3F9T"),
        ("QH-B8F9U", ""),  # two wrong
        ("QH-B3F9", ""),  # one missing
        ("", ""),
    ],
)
def test_one_slip_is_named(name: str, meant: str) -> None:
    assert Lookalikes(KNOWN).meant_by(name) == meant


def test_where_several_fit_none_is_named() -> None:
    known = Lookalikes(["S001", "S002", "S010", "s0O3", "S003"])
    assert known.meant_by("S004") == ""  # one character from four of them
    assert known.meant_by("SO03") == ""  # looks like two of them
    assert known.meant_by("S01O") == "S010"  # what the eye misses goes before a slip
    assert Lookalikes([]).meant_by("S001") == ""


def test_the_question_stands_in_the_finding() -> None:
    tasks = ["TR001", "TR002", "TR117"]
    rows = [["TR171", *GOOD[0][1:]], ["TR003", *GOOD[0][1:]]]
    first, second = check(csv([HEAD, *rows]), Asked(on=TODAY, tasks=tasks)).findings
    assert (first.rule, first.row, second.rule, second.row) == ("orphan", 2, "orphan", 3)
    assert "；是否为“TR117”？" in first.message.sentence("zh")
    assert "is it “TR117”?" in first.message.sentence("en")
    assert "是否为" not in second.message.sentence("zh")  # one character from two of them


def test_examples_run() -> None:
    assert not doctest.testmod(import_module("soilrules.labcheck.lookalikes")).failed


@given(st.sets(st.text("AB01OLil-", min_size=3, max_size=5), min_size=1, max_size=8), st.data())
def test_what_is_named_is_known_and_one_slip_away(known: set[str], data: st.DataObject) -> None:
    name = data.draw(st.text("AB01OLil-", min_size=1, max_size=6))
    meant = Lookalikes(known).meant_by(name)
    assert not meant or (meant in known and len(meant) == len(name))

"""A hint that names a menu names one there is: “section › page”, as it stands on the left."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import soildesk
import soilrules
from soildesk.kit import navigation

PLACE = re.compile(r"“([^“”›→]+) [›→] ([^“”›→]+)”")
ROOTS = [Path(one.__file__).parent for one in (soilrules, soildesk)]


def hints() -> set[tuple[str, str]]:
    """Every menu that a sentence of the rules or of the desk names."""
    found: set[tuple[str, str]] = set()
    for root in ROOTS:
        for path in root.rglob("*"):
            if path.suffix in (".py", ".yaml", ".html") and "vendor" not in path.parts:
                found |= set(PLACE.findall(path.read_text("utf-8")))
    return found


def menus() -> set[tuple[str, str]]:
    return {(str(one.section), str(one.title)) for one in navigation._entries.values()}


def test_the_gate_says_where_its_sources_are_filled() -> None:
    from soilrules.gate.rules import fills, sources

    told = {name: PLACE.findall(zh) for name, (zh, _en) in fills().items()}
    assert set(told) == set(sources())
    assert all(told.values()), "each source is filled somewhere"


@pytest.mark.parametrize("hint", sorted(hints()), ids=" › ".join)
def test_a_hint_names_a_menu_there_is(hint: tuple[str, str]) -> None:
    assert hint in menus()

"""The use of a standard that a word, a land code or a crop means; what is not known is said to be so."""

from __future__ import annotations

import doctest
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standards_cases import read

from soilrules.standards import uses
from soilrules.standards.crops import groups, groups_of
from soilrules.standards.library import shipped
from soilrules.standards.uses import land_codes, land_codes_of, resolve

CASES: dict[str, Any] = read("uses")
FAMILIES = ("gb15618", "gb36600", "gb5084", "gb2762")
MEANT = [(family, use, str(word)) for family in FAMILIES for use, words in CASES[family].items() for word in words]


@pytest.mark.parametrize("name", ["uses", "crops", "names", "library", "rulings", "judge"])
def test_examples_run(name: str) -> None:
    assert not doctest.testmod(import_module(f"soilrules.standards.{name}")).failed


@pytest.mark.parametrize(("family", "use", "word"), MEANT, ids=[f"{family} {word}" for family, _, word in MEANT])
def test_meant(family: str, use: str | None, word: str) -> None:
    found = resolve(family, word)

    if use == "not a use":
        assert found == word
        assert found not in shipped().national(family)[0].uses
    else:
        assert found == use


@pytest.mark.parametrize("family", FAMILIES[:3])
def test_every_use_has_a_word_and_a_case(family: str) -> None:
    keys = set(shipped().national(family)[0].uses)

    assert keys <= set(CASES[family])
    for key, use in shipped().national(family)[0].uses.items():
        assert resolve(family, key) == key
        assert resolve(family, use.zh) == key


@pytest.mark.parametrize(("crop", "found"), CASES["crops"].items())
def test_the_groups_of_a_crop(crop: str, found: list[str]) -> None:
    assert groups_of(crop) == tuple(found)


def test_every_food_group_is_found_by_its_key_and_every_limit_is_of_a_group() -> None:
    assert all(groups_of(key) for key in groups())
    for edition in shipped().national("gb2762"):
        assert {use for limit in edition.limits for use in limit.uses} <= set(groups())


@pytest.mark.parametrize("code", CASES["codes_with_several_meanings"])
def test_a_code_that_classifications_read_differently(code: str) -> None:
    assert len(land_codes_of(str(code))) > 1


def test_the_longest_known_beginning_of_a_code_decides() -> None:
    assert {one.code for one in land_codes_of("08040399")} == {"080403"}
    assert land_codes_of("Z9") == ()
    assert {one.zh for one in land_codes_of("08H2A")} == {"高教用地"}
    assert land_codes_of("A33 中小学") == land_codes_of("use") == land_codes_of("ub") == ()


def test_codes_point_to_uses_there_are() -> None:
    for one in land_codes():
        assert one.land_class in ("", "part", "class_1", "class_2"), one
        assert one.farmland in ("", *shipped().national("gb15618")[0].uses), one
        assert one.land_class == "" or one.farmland == "", one


def test_classifications_that_disagree_leave_the_class_open() -> None:
    for one in land_codes():
        classes = {other.land_class for other in land_codes_of(one.code)}
        found = resolve("gb36600", one.code)
        if classes in ({"class_1"}, {"class_2"}):
            assert found == classes.pop(), one
        elif classes != {""}:
            assert found is None, one


@given(st.sampled_from(FAMILIES), st.text(max_size=20))
def test_no_word_breaks_the_look_up(family: str, word: str) -> None:
    found = resolve(family, word)

    assert found is None or found.strip() == found
    assert uses.of_words(family, "不明") is None

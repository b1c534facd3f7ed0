"""Names of analytes: one meaning, several, another basis, or nothing known and what is nearest."""

from __future__ import annotations

import difflib
import doctest
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from soilrules import analytes
from soilrules.analytes import all_analytes, candidates, nearest, other_basis
from soilrules.closest import Closest
from soilrules.messages import LANGUAGES
from soilrules.standards.library import shipped
from soilrules.standards.names import resolve
from soilrules.standards.rulings import Cause

CASES: dict[str, Any] = yaml.safe_load(
    (Path(__file__).resolve().parents[1] / "cases" / "standards" / "analytes.yaml").read_text("utf-8")
)


def test_examples_run() -> None:
    assert not doctest.testmod(analytes).failed


@pytest.mark.parametrize(
    ("name", "slug"), [(name, slug) for slug, names in CASES["one_meaning"].items() for name in names]
)
def test_one_meaning(name: str, slug: str) -> None:
    assert candidates(name) == (slug,)


@pytest.mark.parametrize("name", CASES["several_meanings"])
def test_several_meanings_without_a_standard(name: str) -> None:
    named = resolve(name, ())

    assert len(candidates(name)) == 2
    assert (named.slug, named.cause) == (name, Cause.NAME_AMBIGUOUS)
    assert named.reason and all(
        slug in named.reason.sentence(language) for slug in candidates(name) for language in LANGUAGES
    )


@pytest.mark.parametrize("case", CASES["beside_a_standard"], ids=lambda case: f"{case['name']} {case['beside']}")
def test_beside_a_standard(case: dict[str, str | None]) -> None:
    named = resolve(case["name"], shipped().national(case["beside"]))

    assert (named.cause is None, None if named.cause else named.slug) == (case["means"] is not None, case["means"])


@pytest.mark.parametrize("case", CASES["other_basis"], ids=lambda case: case["name"])
def test_other_basis(case: dict[str, str]) -> None:
    found, named = other_basis(case["name"]), resolve(case["name"], shipped().national("gb15618"))

    assert found and (found.of, found.why) == (case["of"], case["why"])
    assert named.cause is Cause.OTHER_BASIS


@pytest.mark.parametrize("name", CASES["unknown"])
def test_unknown(name: str) -> None:
    named = resolve(name, ())

    assert (candidates(name), other_basis(name), named.cause) == ((), None, Cause.NAME_UNKNOWN)
    assert named.reason and all("{" not in named.reason.sentence(language) for language in LANGUAGES)


@pytest.mark.parametrize("case", CASES["nearest"], ids=lambda case: case["name"])
def test_nearest(case: dict[str, str]) -> None:
    close = nearest(case["name"])

    assert close[0].slug == case["first"]
    assert len(close) <= 3
    assert close[0].zh in resolve(case["name"], ()).reason.sentence("zh")


def test_every_name_of_every_analyte_leads_back_to_it() -> None:
    for one in all_analytes().values():
        for name in (one.slug, one.zh, one.en, *one.aliases, *one.cas):
            assert one.slug in candidates(name), (one.slug, name)


def test_a_name_with_several_meanings_is_declared() -> None:
    names = {name for one in all_analytes().values() for name in (one.zh, one.en, *one.aliases)}
    several = {analytes.normalise(name) for name in names if len(candidates(name)) > 1}

    assert several == {analytes.normalise(name) for name in ("滴滴涕", "DDT")}


def test_no_oxide_ion_or_fraction_is_an_analyte() -> None:
    for case in CASES["other_basis"]:
        assert candidates(case["name"]) == ()


@given(st.text(max_size=30))
def test_no_name_breaks_the_look_up(name: str) -> None:
    named = resolve(name, shipped().national("gb36600"))

    assert (named.cause is None) == (named.slug in all_analytes() and bool(candidates(name)))


@given(
    st.one_of(st.text(max_size=12), st.sampled_from([one.zh for one in all_analytes().values()]).map(lambda n: n[1:]))
)
def test_nearest_names_are_those_of_difflib(name: str) -> None:
    known = [analytes.normalise(one.zh) for one in all_analytes().values()]
    alike = difflib.get_close_matches(name, known, n=9, cutoff=0.5)
    assert Closest(known).matches(name, count=9, cutoff=0.5) == alike

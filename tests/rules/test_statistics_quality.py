"""Quality control of laboratory batches: the edition of the sampling day, every band edge, every way to be unknown."""

from __future__ import annotations

import doctest
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import soilrules
from soilrules.analytes import all_analytes
from soilrules.messages import LANGUAGES, catalogue
from soilrules.statistics.quality_control import (
    RETURNS,
    Batch,
    BatchVerdict,
    Blank,
    Check,
    Finding,
    Pair,
    ReferenceMaterial,
    Spike,
    Verdict,
    check_batch,
    relative_deviation,
)
from soilrules.statistics.quality_rules import Edition, edition_of, edition_on, editions
from soilrules.statistics.readings import Reading
from soilrules.strict import BadRuleData

TESTS = Path(__file__).resolve().parents[1]
CASES: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (TESTS / "cases" / "statistics" / "quality.yaml").read_text("utf-8")
)
DAY = date(2026, 5, 31)
LOD = Decimal("0.01")
contents = st.decimals("0.001", "1000", places=3)


def edition_for(case: Mapping[str, Any]) -> Edition:
    old = edition_on(DAY)
    assert old is not None
    off = case.get("switched_off", [])
    rules = {name: rule.switched_off() if off == "all" or name in off else rule for name, rule in old.rules.items()}
    return replace(old, rules=rules)


def finding_about(name: str, batch: Batch, case: Mapping[str, Any]) -> Finding:
    (found,) = [one for one in check_batch(batch, edition=edition_for(case)).findings if one.about == name]
    return found


def batch_for(topic: str, case: Mapping[str, Any]) -> Batch:
    batch = Batch(case.get("analyte", "cadmium"), DAY, 5)
    if topic == "pairs":
        return replace(batch, pairs=(Pair("it", *map(Reading.parse, case["pair"])),))
    found = Reading.parse(case["found"])
    if topic == "blanks":
        limit = case["detection_limit"]
        return replace(batch, blanks=(Blank("it", found, None if limit is None else Decimal(limit)),))
    if topic == "spikes":
        spike = Spike("it", Reading.parse(case["content"]), Decimal(case["added"]), found)
        return replace(batch, spikes=(spike,))
    material = ReferenceMaterial("it", found, Decimal(case["certified"]), Decimal(case["uncertainty"]))
    return replace(batch, materials=(material,))


def whole_batch(case: Mapping[str, Any]) -> Batch:
    kinds = {"good": ("0.3", "0.3"), "bad": ("0.3", "0.9"), "open": ("<0.3", "0.3")}
    pairs = [(kind, values) for kind, values in kinds.items() for _ in range(case.get(kind, 0))]
    spikes = ["1.3"] * case.get("good_spikes", 0) + ["9"] * case.get("bad_spikes", 0)
    blank, material = case.get("blank", "<0.01"), case.get("material")
    return Batch(
        analyte=case.get("analyte", "cadmium"),
        sampled_on=case.get("sampled_on", DAY),
        samples=case["samples"],
        pairs=tuple(Pair(f"{kind} {n}", *map(Reading.parse, values)) for n, (kind, values) in enumerate(pairs)),
        blanks=(Blank("blank", Reading.parse(blank), LOD),) if blank else (),
        spikes=tuple(
            Spike(f"spike {n}", Reading.parse("0.3"), Decimal(1), Reading.parse(v)) for n, v in enumerate(spikes)
        ),
        materials=(ReferenceMaterial("CRM", Reading.parse(material), Decimal(1), Decimal("0.1")),) if material else (),
    )


def judged(case: Mapping[str, Any]) -> BatchVerdict:
    return check_batch(whole_batch(case), edition=edition_for(case) if "switched_off" in case else None)


@pytest.mark.parametrize("name", ["quality_control", "quality_rules"])
def test_examples_run(name: str) -> None:
    assert not doctest.testmod(import_module(f"soilrules.statistics.{name}")).failed


@pytest.mark.parametrize(
    ("topic", "case"),
    [(topic, case) for topic in ("pairs", "blanks", "spikes", "materials") for case in CASES[topic]],
    ids=lambda one: one["name"] if isinstance(one, dict) else one,
)
def test_one_check(topic: str, case: dict[str, Any]) -> None:
    found = finding_about("it", batch_for(topic, case), case)

    assert (found.outcome, found.message.id) == (case["expect"], case["says"])
    assert all("{" not in found.message.sentence(language) for language in LANGUAGES)
    assert found.rule is not None
    assert found.rule.mark.startswith("K-")


@pytest.mark.parametrize("case", CASES["batches"], ids=lambda case: case["name"])
def test_batch(case: dict[str, Any]) -> None:
    verdict = judged(case)
    unmet = [
        one.message.id
        for one in verdict.findings
        if one.rule and one.rule.id in RETURNS and one.outcome in {Check.OUTSIDE, Check.UNKNOWN}
    ]

    assert verdict.outcome == case["expect"]
    assert unmet == case.get("says", [])
    assert verdict.edition == case.get("edition", "HJ/T 166-2004")
    assert (verdict.deviation, verdict.version) == ("RD", soilrules.__version__)
    for message in [verdict.message, *(one.message for one in verdict.findings)]:
        assert all("{" not in message.sentence(language) for language in LANGUAGES)


def test_every_outcome_occurs() -> None:
    for topic in ("pairs", "blanks", "spikes", "materials"):
        assert {case["expect"] for case in CASES[topic]} == set(map(str, Check))
    assert {case["expect"] for case in CASES["batches"]} == set(map(str, Verdict))


def test_every_sentence_is_said_in_some_case() -> None:
    said = {finding_about("it", batch_for(topic, case), case).message.id
            for topic in ("pairs", "blanks", "spikes", "materials") for case in CASES[topic]}  # fmt: skip
    for case in CASES["batches"]:
        verdict = judged(case)
        said |= {verdict.message.id, *(one.message.id for one in verdict.findings)}

    assert said == set(catalogue("statistics")["quality"])


def test_unknown_numbers_are_never_the_old_ones() -> None:
    new = edition_on(date(2026, 6, 1))

    assert new is not None
    assert (dict(new.rules), new.bands) == ({}, ())
    verdict = check_batch(whole_batch({"samples": 5, "good": 1, "material": "1.0", "sampled_on": date(2026, 6, 1)}))
    assert {one.outcome for one in verdict.findings} == {Check.UNKNOWN}
    assert {one.rule for one in verdict.findings} == {None}
    assert verdict.message.id == "numbers_not_entered"


def test_every_analyte_of_the_bands_is_known() -> None:
    named = {slug for edition in editions() for band in edition.bands for slug in band.analytes}

    assert named == {"cadmium", "mercury", "arsenic", "copper", "lead", "nickel", "chromium", "zinc"}
    assert named <= set(all_analytes())


@given(contents, contents)
@settings(max_examples=100)
def test_relative_deviation_of_a_pair(first: Decimal, second: Decimal) -> None:
    deviation = relative_deviation(first, second)
    mean, difference = (first + second) / 2, abs(first - second)
    rpd = difference / mean * 100
    rsd = float(difference) / 2**0.5 / float(mean) * 100

    assert deviation == relative_deviation(second, first)
    assert 0 <= deviation < 100
    assert float(rpd) == pytest.approx(2 * float(deviation))
    assert rsd == pytest.approx(2**0.5 * float(deviation))


@given(st.sampled_from(["cadmium", "arsenic", "zinc", "naphthalene"]), contents, contents, st.integers(1, 99))
@settings(max_examples=100)
def test_what_is_said_of_half_a_pair_holds_for_every_content_below_the_limit(
    analyte: str, found: Decimal, limit: Decimal, percent: int
) -> None:
    half = batch_for("pairs", {"analyte": analyte, "pair": [f"<{limit}", str(found)]})
    below = limit * percent / 100
    whole = batch_for("pairs", {"analyte": analyte, "pair": [str(below), str(found)]})

    if finding_about("it", half, {}).outcome is Check.OUTSIDE:
        assert finding_about("it", whole, {}).outcome is Check.OUTSIDE


BAND = {"table": "t", "analytes": [], "recovery_percent": None, "mark": "K-med"}
BANDS = [
    {**BAND, "content_mg_kg": {"lt": "1"}, "relative_deviation_percent": "30"},
    {**BAND, "content_mg_kg": {"ge": "1"}, "relative_deviation_percent": "20"},
]
DATA = {"edition": "E", "since": DAY, "until": None, "dates_source": "s", "rules": [], "bands": BANDS}


@pytest.mark.parametrize("analyte", ["cadmium", "arsenic", "copper", "lead", "zinc", "naphthalene"])
def test_every_edge_is_in_one_band_only(analyte: str) -> None:
    bands = edition_for({}).bands_for(analyte)
    edges = {one for band in bands for one in (band.content.lower.number, band.content.upper.number) if one}

    assert edges
    assert all(sum(edge in band.content for band in bands) == 1 for edge in edges)


def test_complete_bands_are_read() -> None:
    assert str(edition_of(DATA, "test.yaml").band("lead", Decimal(1)).content) == "≥1"


@pytest.mark.parametrize(
    ("bands", "complaint"),
    [
        ([BANDS[0], {**BANDS[1], "content_mg_kg": {"gt": "1"}}], "no gap, no overlap"),
        ([{**BANDS[0], "content_mg_kg": {"le": "1"}}, BANDS[1]], "no gap, no overlap"),
        ([BANDS[0], {**BANDS[1], "content_mg_kg": {"ge": "2"}}], "no gap, no overlap"),
        ([BANDS[0]], "no gap, no overlap"),
        ([BANDS[0], {**BANDS[1], "relative_deviation_percent": "31"}], "grow with the content"),
        ([BANDS[0], {**BANDS[1], "colour": "red"}], "unknown key colour"),
        ([BANDS[0], {**BANDS[1], "content_mg_kg": {"ge": "1", "gt": "1"}}], "expected one of gt, ge"),
        ([BANDS[0], {**BANDS[1], "content_mg_kg": {}}], "expected one of gt, ge"),
        ([BANDS[0], {**BANDS[1], "relative_deviation_percent": 20}], "expected a number in quotes"),
        ([BANDS[0], {**BANDS[1], "mark": "sure"}], "expected one of V"),
    ],
)
def test_bands_are_read_strictly(bands: list[dict[str, Any]], complaint: str) -> None:
    with pytest.raises(BadRuleData, match=complaint):
        edition_of({**DATA, "bands": bands}, "test.yaml")


def test_an_unknown_key_of_an_edition_is_refused() -> None:
    with pytest.raises(BadRuleData, match="unknown key colour"):
        edition_of({**DATA, "colour": "red"}, "test.yaml")


@pytest.mark.parametrize("samples", [0, 1])
def test_a_batch_smaller_than_its_parallels_is_refused(samples: int) -> None:
    with pytest.raises(ValueError, match="no more paired samples than samples"):
        check_batch(whole_batch({"samples": samples, "good": 2}))


def test_a_spike_of_nothing_is_refused() -> None:
    spike = Spike("it", Reading(Decimal(1)), Decimal(0), Reading(Decimal(1)))
    with pytest.raises(ValueError, match="expected more than 0"):
        check_batch(Batch("cadmium", DAY, 5, spikes=(spike,)))

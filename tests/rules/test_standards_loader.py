"""A table that cannot be trusted is refused, with the file and the row in the sentence."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import yaml
from standards_cases import CASES

from soilrules.standards.library import Library, shipped
from soilrules.standards.loader import read_edition
from soilrules.standards.model import Edition
from soilrules.standards.rulings import Circumstances, find
from soilrules.strict import BadRuleData, parse_yaml

SOUND = """
standard: GB 1-2020
id: gb1-2020
family: gb1
title: {zh: 虚构标准, en: Made-up standard}
medium: soil
since: 2020-01-01
until: null
levels: [screening, control]
use_kind: land
uses:
  paddy: {zh: 水田, en: paddy field}
  other: {zh: 其他, en: other farmland}
exceeded_when: gt
unit: mg/kg
keyed_by: tests
limits:
  - {analyte: cadmium, level: screening, use: [paddy], ph: {le: "6.5"}, value: "0.3", clause: 表1, mark: double-sourced}
  - {analyte: cadmium, level: screening, use: [paddy], ph: {gt: "6.5"}, value: "0.6", clause: 表1, mark: double-sourced}
  - {analyte: cadmium, level: screening, use: [other], value: "0.3", clause: 表1, mark: double-sourced}
  - {analyte: cadmium, level: control, value: "2", clause: 表2, mark: double-sourced}
  - {analyte: lead, level: screening, value: "100", clause: 表1, mark: single-sourced}
"""
Data = dict[str, Any]


def sound() -> Data:
    data: Data = yaml.safe_load(SOUND)
    return data


def edition(**changes: Any) -> Edition:
    return read_edition({**sound(), **changes}, "gb1.yaml")


def refused(data: Data) -> str:
    with pytest.raises(BadRuleData) as caught:
        read_edition(data, "gb1.yaml")
    return str(caught.value)


def row(number: int, **changes: Any) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        data["limits"][number] |= changes
        for key in [key for key, value in changes.items() if value is None]:
            del data["limits"][number][key]

    return change


def top(**changes: Any) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        data |= changes
        for key in [key for key, value in changes.items() if value is None]:
            del data[key]

    return change


def twice(number: int) -> Callable[[Data], None]:
    return lambda data: data["limits"].append(copy.deepcopy(data["limits"][number]))


BROKEN: list[tuple[str, Callable[[Data], None], tuple[str, ...]]] = [
    ("unknown key of a row", row(3, limit="2"), ("limit 4 (cadmium control)", "unknown key limit")),
    ("unknown key of the file", top(valid="now"), ("unknown key valid",)),
    ("unknown key of a use", top(uses={"paddy": {"zh": "水田", "en": "p", "fr": "r"}}), ("uses paddy", "fr")),
    ("unknown key of the title", top(title={"zh": "一", "en": "a", "de": "b"}), ("title", "de")),
    ("missing clause", row(3, clause=None), ("limit 4 (cadmium control)", "clause is None")),
    ("missing mark", row(3, mark=None), ("limit 4 (cadmium control)", "mark is None")),
    ("a mark nobody knows", row(3, mark="sure"), ("limit 4 (cadmium control)", "double-sourced")),
    ("missing title", top(title=None), ("title", "zh")),
    ("missing day", top(since=None), ("since is None", "2018-08-01")),
    ("a day that is none", top(since="2020"), ("since is '2020'",)),
    ("missing limits", top(limits=None), ("no limits",)),
    ("a row that is none", top(limits=["镉 0.3"]), ("limits", "mapping")),
    ("a medium nobody knows", top(medium="air"), ("medium", "soil")),
    ("a kind of use nobody knows", top(use_kind="moon"), ("use_kind", "land_class")),
    ("exceeded at the limit", top(exceeded_when="ge"), ("exceeded_when", "gt")),
    ("a number without quotes", row(3, value=2), ("limit 4 (cadmium control)", "number in quotes")),
    ("no number", row(3, value="two"), ("limit 4 (cadmium control)", "number in quotes")),
    ("no finite number", row(3, value="NaN"), ("limit 4 (cadmium control)", "finite")),
    ("a negative limit", row(3, value="-2"), ("limit 4 (cadmium control)", "negative")),
    ("no limit at all", row(3, value=None), ("limit 4 (cadmium control)", "exactly one of")),
    ("two limits in one row", row(3, words=["无"]), ("limit 4 (cadmium control)", "exactly one of")),
    ("not_detected that is false", row(3, value=None, not_detected=False), ("limit 4", "not_detected")),
    ("no words", row(3, value=None, words=[]), ("limit 4", "words is empty")),
    ("words without the other ones", row(3, value=None, words=["无"]), ("limit 4", "other_words is empty")),
    ("no use", row(3, use=[]), ("limit 4", "use is empty")),
    ("a unit nobody knows", row(3, unit="ppm"), ("limit 4 (cadmium control)", "ppm")),
    ("a pH that is no band", row(0, ph={"le": "6.5", "lt": "6.5"}), ("limit 1", "no interval")),
    ("an empty pH band", row(0, ph={"gt": "7", "le": "6.5"}), ("limit 1", "holds no number")),
    ("a pH that is a text", row(0, ph="6.5"), ("limit 1", "mapping")),
    ("the same row twice", twice(4), ("lead screening", "overlap")),
    ("the same band twice", twice(0), ("cadmium screening", "paddy", "overlap")),
    ("a gap between bands", row(1, ph={"gt": "6.6"}), ("cadmium screening", "gap")),
    ("an overlap of bands", row(1, ph={"gt": "6.4"}), ("cadmium screening", "overlap")),
    ("an edge in both bands", row(1, ph={"ge": "6.5"}), ("cadmium screening", "overlap")),
    ("an edge in no band", row(0, ph={"lt": "6.5"}), ("cadmium screening", "gap")),
    ("nothing above the last band", row(1, ph={"gt": "6.5", "le": "9"}), ("cadmium screening", "nothing above 9")),
    ("nothing below the first band", row(0, ph={"gt": "3", "le": "6.5"}), ("cadmium screening", "nothing below 3")),
    ("a use left out", lambda data: data["limits"].pop(2), ("cadmium screening", "nothing for other")),
    ("a use nobody knows", row(2, use=["other", "moon"]), ("unknown use moon",)),
    ("an analyte nobody knows", row(4, analyte="unobtainium"), ("unknown analyte unobtainium",)),
    ("a level nobody knows", row(4, level="worst"), ("unknown level worst",)),
    ("a condition nobody knows", row(4, condition="saline"), ("unknown condition saline",)),
    ("screening above control", row(0, value="3"), ("cadmium", "screening 3 is above control 2")),
    ("control without screening", lambda data: data["limits"].append({**data["limits"][3], "analyte": "zinc"}), ("zinc", "no screening")),
    ("an undetermined use that is none", top(undetermined_use={"use": "moon", "clause": "1"}), ("moon",)),
    ("a mixed use of nothing", top(uses={**sound()["uses"], "mix": {"zh": "混", "en": "m", "stricter_of": ["moon"]}}), ("stricter_of", "moon")),
    ("a sum of an unknown part", top(sums=[{"analyte": "lead", "of": ["moon"], "clause": "注", "mark": "double-sourced"}]), ("unknown analyte moon",)),
    ("a relation that is a text", top(related=[{"offered": "chromium", "limited": "lead", "stands_in_when_meets": "no"}]), ("stands_in_when_meets",)),
    ("an end before the beginning", top(until=date(2019, 1, 1)), ("until 2019-01-01", "since 2020-01-01")),
]  # fmt: skip


def test_the_sound_table_is_read() -> None:
    assert len(edition().limits) == 5


@pytest.mark.parametrize(("change", "says"), [one[1:] for one in BROKEN], ids=[one[0] for one in BROKEN])
def test_refused(change: Callable[[Data], None], says: tuple[str, ...]) -> None:
    data = sound()
    change(data)
    sentence = refused(data)

    assert "gb1.yaml" in sentence
    assert [text for text in says if text not in sentence] == [], sentence


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (SOUND + "\nunit: mg/L\n", "unit stands twice"),
        (SOUND.replace('value: "2"', 'value: "2", value: "3"'), "value stands twice"),
        ("- 1\n- 2", "mapping at the top"),
        ("a: [", "gb1.yaml"),
    ],
)
def test_yaml_that_cannot_be_trusted(text: str, says: str) -> None:
    with pytest.raises(BadRuleData) as caught:
        parse_yaml(text, "gb1.yaml")
    assert "gb1.yaml" in str(caught.value)
    assert says in str(caught.value)


def library(*more: Edition) -> None:
    Library((edition(), *more))


def local(**changes: Any) -> Edition:
    """A table of division 99 over the made-up standard; `row` changes its only row."""
    limit = {"analyte": "lead", "level": "screening", "value": "90", "clause": "表1", "mark": "single-sourced"}
    limit = {key: value for key, value in (limit | changes.pop("row", {})).items() if value is not None}
    given = {"id": "db99", "standard": "DB99/T 1", "division": "99", "limits": [limit], **changes}
    return edition(**given)


def test_a_day_in_quotes_is_a_day() -> None:
    assert edition(since="2020-01-01").since == date(2020, 1, 1)


def test_a_sound_local_table_is_taken() -> None:
    library(local(), local(id="db98", division="98"))


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (lambda: edition(), "gb1-2020 is held twice"),
        (lambda: edition(id="gb1-2025", since=date(2025, 1, 1)), "both in force on 2025-01-01"),
        (lambda: local(row={"value": "100.1"}), "laxer than 100"),
        (lambda: local(row={"value": "100100", "unit": "µg/kg"}), "laxer than 100"),
        (lambda: local(row={"level": "control", "value": "90"}), "below 100 of GB 1-2020 and screening"),
        (lambda: local(row={"unit": "mg/L"}), "does not convert"),
        (lambda: local(row={"value": None, "words": ["无"], "other_words": ["有"]}), "no value"),
        (lambda: local(row={"level": "control", "analyte": "zinc"}), "neither the place nor gb1-2020 has screening"),
        (lambda: local(uses={**sound()["uses"], "moon": {"zh": "月", "en": "m"}}, row={"use": ["moon"]}), "moon is no level or use"),
        (lambda: local(family="gb2"), "no national edition"),
        (lambda: local(since=date(2019, 1, 1), until=date(2020, 1, 1)), "no national edition in its time"),
    ],
)  # fmt: skip
def test_editions_that_do_not_go_together(more: Callable[[], Edition], says: str) -> None:
    with pytest.raises(BadRuleData) as caught:
        library(more())
    assert says in str(caught.value)
    assert "gb1-2020" in str(caught.value) or "db99" in str(caught.value)


def test_an_edition_that_follows_another_is_taken() -> None:
    old = edition(until=date(2025, 1, 1))
    new = edition(id="gb1-2025", standard="GB 1-2025", since=date(2025, 1, 1))
    held = Library((new, old))

    assert held.edition("gb1", date(2024, 12, 31)) is old
    assert held.edition("gb1", date(2025, 1, 1)) is new
    assert held.edition("gb1", date(2019, 12, 31)) is None


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("gb36600-2018", ("gb36600", "gb36600-2018")),
        ("GB 36600-2018", ("gb36600", "gb36600-2018")),
        ("gb36600", ("gb36600", None)),
        ("GB/T 14848-2017", ("gbt14848", "gbt14848-2017")),
        ("GB/T 14848", ("gbt14848", None)),
        ("ＧＢ　２７６２－２０２２", ("gb2762", "gb2762-2022")),
        ("gb2762", ("gb2762", None)),
    ],
)
def test_a_standard_by_its_name(name: str, found: tuple[str, str | None]) -> None:
    family, one = shipped().find(name)

    assert (family, one.id if one else None) == found


def test_a_standard_nobody_knows() -> None:
    with pytest.raises(KeyError):
        shipped().find("GB 9999")


def test_province_and_city_both_hold() -> None:
    held = Library((edition(), local(), local(id="db9901", division="9901", row={"value": "80"})))

    found = {place: held.overlays("gb1", date(2026, 1, 1), place) for place in ("", "98", "99", "9901", "990101")}
    assert {place: [one.id for one in here] for place, here in found.items()} == {
        "": [],
        "98": [],
        "99": ["db99"],
        "9901": ["db99", "db9901"],
        "990101": ["db99", "db9901"],
    }


@pytest.mark.parametrize(("city", "counts"), [("80", "db9901"), ("95", "db99")])
def test_the_stricter_of_province_and_city_counts(city: str, counts: str) -> None:
    province = local(row={"value": "90"})
    held = Library((edition(), province, local(id="db9901", division="9901", row={"value": city})))
    here = Circumstances(date(2026, 1, 1), "other", division="990101")

    (limit,) = find(held, "gb1", "lead", here).limits["screening"]
    assert limit.upper == min(90, int(city))
    assert limit in next(one for one in held.editions if one.id == counts).limits


def test_every_shipped_row_names_clause_mark_and_who_keyed_it() -> None:
    for one in shipped().editions:
        for limit in one.limits:
            assert limit.clause and limit.mark and limit.keyed_by, limit
        assert (CASES / "province_99.yaml").name not in one.id

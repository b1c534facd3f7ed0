"""Planned uses by code and word: what they are to the law of a day, and when a person has to say which classification."""

from __future__ import annotations

from datetime import date

import pytest

from soilrules.bases import bases
from soilrules.gate.uses import group_of, groups, law_on, read_use, schemes
from soilrules.standards.uses import land_codes

LAW, CODE = date(2026, 8, 14), date(2026, 8, 15)


@pytest.mark.parametrize(
    ("text", "law", "code"),
    [
        ("R2", True, True),
        ("R21", True, True),
        ("R22", None, True),
        ("A33", True, True),
        ("0701", True, True),
        ("070102", True, True),
        ("0704", None, True),
        ("080403", True, True),
        ("M1", False, False),
        ("B1", False, False),
        ("B1/R2", True, True),
        ("B1、W1", False, False),
        ("住宅", True, True),
        ("居住用地", True, True),
        ("幼儿园", True, True),
        ("食品加工储存用地", False, False),
        ("留白用地", None, None),
        ("公园", None, None),  # public by one classification, green space by the next
        ("公用设施", None, None),
        ("办公", None, None),  # an authority's or a firm's
        ("办公/R2", True, True),
        ("说不清", None, None),
        ("", None, None),
    ],
)
def test_sensitive_by_the_law_of_the_day(text: str, law: bool | None, code: bool | None) -> None:
    use = read_use(text)

    assert (use.sensitive(LAW), use.sensitive(CODE)) == (law, code)


def test_before_the_law_nothing_is_called_sensitive() -> None:
    assert law_on(date(2018, 12, 31)) is None
    assert read_use("R2").sensitive(date(2018, 12, 31)) is None


@pytest.mark.parametrize(
    ("text", "held"),
    [("0702", 2), ("1001", 2), ("05", 2), ("0501", 2), ("0502", 2), ("0601", 2), ("0602", 2), ("0604", 2), ("1101", 2), ("1102", 2), ("0508", 3), ("06", 2), ("12", 2), ("10", 2), ("0803", 2), ("07", 0), ("R2", 0), ("070102", 0), ("A33/1001", 2)],
)  # fmt: skip
def test_a_code_of_two_classifications_is_told_with_its_meanings(text: str, held: int) -> None:
    assert len(read_use(text).choices) == held


@pytest.mark.parametrize(
    ("word", "scheme", "sensitive"),
    [("公园", "guide2023", False), ("公园", "gbt21010_2017", True), ("绿地", "gb50137_2011", False), ("办公", "guide2023", None)],
)  # fmt: skip
def test_a_word_two_classifications_read_differently_is_read_by_the_one_named(
    word: str, scheme: str, sensitive: bool | None
) -> None:
    assert read_use(word, scheme).sensitive(CODE) is sensitive
    assert read_use(word).choices


def test_every_code_a_table_reads_differently_is_asked_for_its_classification() -> None:
    printed = {one.code for one in land_codes() if one.code.isdigit() and len(one.code) <= 4}
    for code in printed:
        meant = {
            (group_of(one, code), read_use(code, one).land_class) for one in schemes() if read_use(code, one).known
        }
        assert bool(read_use(code).choices) == (len(meant) > 1), code


def test_no_classification_has_codes_of_an_odd_number_of_digits() -> None:
    assert not read_use("101").known


def test_the_classification_settles_it() -> None:
    assert read_use("0702", "guide2023").groups == {"community"}
    assert read_use("0702", "gbt21010_2017").groups == {"residential"}
    assert read_use("0702", "gbt21010_2017").choices == ()
    with pytest.raises(ValueError, match="no scheme 'gb'"):
        read_use("0702", "gb")


def test_a_code_outside_its_classification_means_nothing() -> None:
    assert not read_use("R2", "guide2023").known
    assert not read_use("AA", "").known


def test_the_class_is_the_stricter_of_the_parts_and_undetermined_where_open() -> None:
    assert [read_use(one).land_class for one in ("R2", "M1", "M1/R2", "A3", "M1/A3", "1001")] == [
        "class_1", "class_2", "class_1", None, None, "class_2",
    ]  # fmt: skip


def test_every_land_code_has_a_group_of_its_own() -> None:
    undetermined = {(one.scheme, one.code) for one in land_codes() if group_of(one.scheme, one.code) == "undetermined"}

    assert undetermined == {
        ("guide2023", "16"), ("guide2023", "23"), ("guide2023", "2301"), ("gbt21010_2017", "1201"), ("gb50137_2011", "H14"), ("gb50137_2011", "H9"),
    }  # fmt: skip
    assert {one.scheme for one in land_codes()} == set(schemes())


def test_every_class_one_use_is_sensitive_or_undetermined_under_the_code() -> None:
    law = law_on(CODE)
    assert law is not None
    held = [one for one in land_codes() if one.land_class == "class_1"]
    missed = [one.code for one in held if group_of(one.scheme, one.code) not in law.groups | law.unclear]

    assert missed == []
    assert law.basis in bases()
    assert law.groups | law.unclear <= set(groups())

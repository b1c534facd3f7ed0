"""The four forms, how often a consultant passes at once, and candidates matched with plots."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plot_cases import Case, cases

from soilrules.plots.first_pass import FirstPass, recheck_lot, wilson
from soilrules.plots.matching import Answer as Fits
from soilrules.plots.matching import Described, InSpace, match, match_data_in, names_in, plain_name
from soilrules.plots.quality_forms import Answer, FormKey, Verdict, forms_in, judge_form, quality_forms
from soilrules.strict import BadRuleData

FORMS, MATCHES = cases("forms"), cases("matching")
DATA = Path(__file__).resolve().parents[2] / "src" / "soilrules" / "data" / "plots"
ANSWERS = {"no": Answer.NO, "unsupported": Answer.UNSUPPORTED, "not_applicable": Answer.NOT_APPLICABLE, "missing": None}


def answered(case: Case) -> dict[str, Answer | None]:
    """Every item answered yes, but those a case names."""
    answers: dict[str, Answer | None] = {one.no: Answer.YES for one in quality_forms()[FormKey(case["form"])].items}
    for key, answer in ANSWERS.items():
        answers |= {str(no): answer for no in case.get(key, ())}
    return answers


@pytest.mark.parametrize("case", FORMS, ids=lambda case: f"{case}")
def test_the_verdict_follows_from_the_answers(case: Case) -> None:
    found = judge_form(FormKey(case["form"]), answered(case))

    assert found.verdict == case["verdict"]
    assert [int(one.no) for one in found.deciding] == case.get("decided", [])
    assert [int(one.no) for one in found.unanswered] == case.get("missing", [])
    assert found.passes is {"passed": True, "general": True, "unknown": None}.get(case["verdict"], False)
    for language in ("zh", "en"):
        assert "{" not in found.message.sentence(language)


def test_the_forms_have_their_items_and_stars() -> None:
    counts = {key: (len(one.items), sum(item.starred for item in one.items)) for key, one in quality_forms().items()}
    assert counts == {"plan": (12, 0), "sampling": (18, 0), "laboratory": (23, 4), "report": (20, 11)}
    assert {one.mark for one in quality_forms().values()} == {"V-code"}


def test_three_starred_no_of_any_kind_are_serious() -> None:
    form = quality_forms()[FormKey.REPORT]
    starred = [one.no for one in form.items if one.starred]
    for three in combinations(starred, 3):
        answers = {one.no: Answer.NO if one.no in three else Answer.YES for one in form.items}
        assert judge_form(FormKey.REPORT, answers).verdict is Verdict.SERIOUS


def test_an_answer_an_item_does_not_have() -> None:
    with pytest.raises(ValueError, match="unsupported is no answer of this item"):
        judge_form(FormKey.PLAN, {"1": Answer.UNSUPPORTED})
    with pytest.raises(ValueError, match="not_applicable is no answer of this item"):
        judge_form(FormKey.REPORT, {"1": Answer.NOT_APPLICABLE})
    with pytest.raises(ValueError, match="13 is no item; expected 1 to 12"):
        judge_form(FormKey.PLAN, {"13": Answer.YES})


@given(st.integers(1, 400).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_the_interval_holds_the_rate_and_is_its_own_mirror(counts: tuple[int, int]) -> None:
    part, whole = counts
    low, high = wilson(part, whole)
    mirrored = wilson(whole - part, whole)

    assert 0 <= low <= Decimal(part) / whole <= high <= 1
    assert abs(low - (1 - mirrored[1])) < Decimal("1e-20")
    wider = wilson(part * 4, whole * 4)
    assert wider[1] - wider[0] < high - low


def test_wilson_by_published_figures() -> None:
    low, high = wilson(81, 263)  # Newcombe 1998, table I: 81 of 263
    assert (round(low, 4), round(high, 4)) == (Decimal("0.2553"), Decimal("0.3662"))
    low, high = wilson(15, 148)
    assert (round(low, 4), round(high, 4)) == (Decimal("0.0624"), Decimal("0.1605"))
    low, high = wilson(0, 20)
    assert (round(low, 4), round(high, 4)) == (Decimal(0), Decimal("0.1611"))


def test_figures_that_cannot_be() -> None:
    assert FirstPass("A", 0, 0, 3).rate is None
    assert FirstPass("A", 0, 0, 3).interval is None
    with pytest.raises(ValueError, match="expected 0 to all reviewed"):
        FirstPass("A", 3, 2)
    with pytest.raises(ValueError, match="is no share of the reports"):
        recheck_lot({"R": Decimal(1)}, Decimal(0), "seed 1")
    with pytest.raises(ValueError, match="0 of 0 is no share"):
        wilson(0, 0)


def test_the_lot_is_drawn_again_the_same() -> None:
    reports = {f"R{no}": Decimal(1) for no in range(20)}
    lot = recheck_lot(reports, Decimal("0.15"), "2026-01-05 3141")

    assert len(lot.drawn) == 3
    assert recheck_lot(dict(reversed(reports.items())), Decimal("0.15"), "2026-01-05 3141") == lot
    assert recheck_lot(reports, Decimal("0.15"), "2026-01-05 3142").drawn != lot.drawn


def described(row: Case) -> Described:
    """One side of a case."""
    return Described(
        names=tuple(row.get("names", ())),
        credit_codes=tuple(row.get("credit_codes", ())),
        plot_code=row.get("plot_code", ""),
    )


@pytest.mark.parametrize("case", MATCHES, ids=[case["name"] for case in MATCHES])
def test_what_speaks_for_a_match(case: Case) -> None:
    space = InSpace(*(Decimal(case[key]) if key in case else None for key in ("overlap", "distance")))
    candidate, plot = (described(case[side]) for side in ("candidate", "plot"))
    found = match(candidate, plot, space)

    assert (str(found.score), found.verdict) == (case["score"], case["verdict"])
    assert {one.kind: one.answer for one in found.parts if one.answer is not Fits.NOT_TOLD} == case["parts"]
    assert all("{" not in one.message.sentence(language) for one in found.parts for language in ("zh", "en"))


@given(st.one_of(st.text(max_size=12), st.text("甲0 ()（原、为:", max_size=12)))
def test_a_plain_name_is_plain(name: str) -> None:
    assert plain_name(plain_name(name)) == plain_name(name) or len(plain_name(name)) < len(name)
    now, before = names_in(name)
    told = bool(plain_name(now)), any(plain_name(one) for one in before)
    score = {(False, False): "0.00", (True, False): "0.60", (False, True): "0.50", (True, True): "0.80"}[told]
    assert str(match(Described(names=(name,)), Described(names=(name,))).score) == score


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("quality_forms", 'number: "2", zh: 现场踏勘', 'number: "3", zh: 现场踏勘', "numbered from 1 without a gap"),
        ("quality_forms", "  - key: sampling", "  - key: plan", "expected each of plan"),
        ("quality_forms", "rule: counted", "rule: guessed", "expected one of fails_on_any_no"),
        ("matching", 'likely: "0.8"', 'likely: "0.3"', "possible below likely"),
        ("matching", 'distance_m: "200"', 'distance_m: "0"', "expected a number above 0"),
        ("matching", 'name: {weight: "0.6"', 'name: {weight: "0"', "above 0 and at most 1"),
    ],
)
def test_broken_data_is_refused(file: str, old: str, new: str, expected: str, tmp_path: Path) -> None:
    text = (DATA / f"{file}.yaml").read_text("utf-8")
    assert old in text
    path = tmp_path / f"{file}.yaml"
    path.write_text(text.replace(old, new, 1), "utf-8")

    with pytest.raises(BadRuleData, match=expected):
        forms_in(path) if file == "quality_forms" else match_data_in(path)

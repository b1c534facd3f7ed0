"""Which body may do what, and how a 分办 is handled: the tables are whole, and closed by default."""

from __future__ import annotations

import doctest

import pytest

from soilrules.messages import LANGUAGES, catalogue
from soilrules.supervision import authorities, handling, slips
from soilrules.supervision.authorities import Act, Body, asked
from soilrules.supervision.handling import Handling, State, may_be, reached, table
from soilrules.supervision.slips import Kind


@pytest.mark.parametrize("module", [authorities, handling, slips], ids=lambda one: one.__name__)
def test_examples(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("act", "own", "allowed"),
    [
        (Act.REMINDER, Body.BUREAU, True),
        (Act.REMINDER, Body.CAMPAIGN_OFFICE, False),
        (Act.SUPERVISE, Body.CAMPAIGN_OFFICE, True),
        (Act.SUPERVISE, Body.BUREAU, False),
        (Act.ASSIGN, Body.BUREAU, False),
        (Act.CIRCULAR, Body.CAMPAIGN_OFFICE, True),
        (Act.TALK, Body.CAMPAIGN_OFFICE, False),
        (Act.TALK, Body.GOVERNMENT, True),
        (Act.LIMIT, Body.SUPERIOR, True),
        (Act.LIMIT, Body.BUREAU, False),
    ],
)
def test_what_a_body_may_do(act: Act, own: Body, allowed: bool) -> None:
    answer = asked(act, frozenset({own}))
    assert answer.allowed is allowed
    assert answer.proposes is not allowed
    for language in LANGUAGES:
        assert "{" not in answer.message.sentence(language)


@pytest.mark.parametrize("act", Act)
def test_an_office_nobody_named_may_do_nothing(act: Act) -> None:
    answer = asked(act, frozenset())
    assert answer.allowed is None
    assert not answer.proposes


def test_two_hats_may_do_what_either_may() -> None:
    assert asked(Act.SUPERVISE, frozenset({Body.BUREAU, Body.CAMPAIGN_OFFICE})).allowed


def test_every_state_is_reached_and_left_but_the_unit_never_acts_on_what_was_taken_back() -> None:
    rows = table().values()
    assert {state for row in rows for state in row.to} == set(State)
    assert {state for row in rows for state in row.from_states} == set(State)
    assert [row.act for row in rows if State.WITHDRAWN in row.from_states] == [Handling.SEND_AGAIN]


def test_what_was_reported_done_is_not_hidden_by_the_unit() -> None:
    for state in (State.REPORTED, State.VERIFIED):
        units = {row.act for row in table().values() if row.right == "plans.report" and state in row.from_states}
        assert units == {Handling.REPORT_DONE, Handling.REPORT_MORE}


@pytest.mark.parametrize("act", Handling)
@pytest.mark.parametrize("state", State)
def test_an_act_that_may_not_be_done_leads_nowhere(act: Handling, state: State) -> None:
    if may_be(act, state):
        assert reached(act, state) in table()[act].to
    else:
        with pytest.raises(ValueError, match="expected one of"):
            reached(act, state)


def test_the_catalogue_says_why_of_every_kind_and_nothing_else() -> None:
    assert set(catalogue("supervision")["why"]) == set(Kind)
    assert set(catalogue("supervision")["authority"]) == {"allowed", "propose", "unknown"}

"""Firms, their sites, who followed whom, who speaks for them, and what a past day knew of a ground."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from desk.enterprise_world import Firms, credit_code_of
from desk.land_world import square
from soildesk.core.models import RoleGrant
from soildesk.core.permissions import NotAllowed
from soildesk.core.versions import Recording
from soildesk.enterprises.models import EnterpriseVersion, Succession
from soildesk.enterprises.queries import firms as asked
from soildesk.enterprises.queries.sites import stood_on
from soildesk.enterprises.refusals import (
    FirmRefused,
    RepresentativeRefused,
    SiteRefused,
    SuccessionRefused,
)
from soildesk.enterprises.services import firms, representatives, sites, succession
from soildesk.enterprises.services.succession import Following
from soildesk.land.queries.ground import known_ground
from soilrules.enterprises import credit_code

pytestmark = pytest.mark.store
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture
def made(world: Any) -> Firms:
    return Firms(world)


def recording(made: Firms, why: str = "核对执照") -> Recording:
    return Recording(made.officer, AT, why)


def test_a_code_is_kept_plainly_and_a_wrong_one_is_told_its_right_character(made: Firms) -> None:
    right = credit_code_of(77)
    spaced = f"{right[:4]} {right[4:].lower()}"
    assert made.firm("甲公司", code=spaced).credit_code == right
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    with pytest.raises(FirmRefused, match=f"应为“{right[-1]}”") as refusal:
        made.firm("乙公司", code=wrong)
    assert refusal.value.code == "enterprises.firm.credit_code"
    assert credit_code.check(right).valid


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"code": "410000000000001"}, "credit_code"),  # an old registration number of 15 digits
        ({"code": ""}, "code_missing"),
        ({"name": " "}, "name_missing"),
        ({"industry": "没有的行业"}, "industry"),
        ({"state": "asleep"}, "choice"),
        ({"permit_level": "some"}, "choice"),
        ({"geometry": square(0, 0)}, "place_missing"),
        ({"colour": "red"}, "unknown_fact"),
        ({"since": date(2026, 11, 21)}, "future"),
    ],
)
def test_a_firm_that_cannot_be(made: Firms, facts: dict[str, Any], code: str) -> None:
    said = {"name": "甲公司", **facts}
    with pytest.raises(FirmRefused) as refusal:
        made.firm(said.pop("name"), **said)
    assert refusal.value.code == f"enterprises.firm.{code}"
    assert not EnterpriseVersion.objects.exists()


def test_who_ceased_before_there_were_codes_needs_none(made: Firms) -> None:
    old = made.firm("青禾县农药厂", code="", state="closed", since=date(1998, 1, 1))
    other = made.firm("青禾县化肥厂", code="", state="bankrupt", since=date(1998, 1, 1))
    assert old.credit_code == other.credit_code == ""
    with pytest.raises(FirmRefused):
        firms.change(old, {"state": "operating"}, since=None, recording=recording(made))


def test_one_firm_under_two_names_is_said(made: Firms) -> None:
    held = made.firm("青禾电镀有限公司")
    with pytest.raises(FirmRefused, match="青禾电镀有限公司") as refusal:
        made.firm("青禾表面处理有限公司", code=held.credit_code)
    assert refusal.value.code == "enterprises.firm.code_taken"
    with pytest.raises(FirmRefused) as refusal:
        made.firm("青禾电镀 有限公司")
    assert refusal.value.code == "enterprises.firm.name_taken"


def test_a_code_of_another_district_tells_nothing_of_it(made: Firms) -> None:
    held = made.firm("青禾电镀有限公司")
    world = made.world
    from soildesk.land.services.writing import Place

    place = Place(world.other, world.departments["other_ecology"])
    with pytest.raises(FirmRefused) as refusal:
        firms.register(
            {"name": "赤岩电镀有限公司", "credit_code": held.credit_code},
            place, since=date(2026, 1, 5), by=world.actor("stranger"), at=AT,
        )  # fmt: skip
    assert "青禾电镀" not in str(refusal.value)
    assert held.enterprise.number not in str(refusal.value)


def test_a_renamed_firm_keeps_its_former_name_and_its_past(made: Firms) -> None:
    held = made.firm("青禾电镀有限公司", since=date(2020, 1, 1))
    now = firms.change(held, {"name": "青禾表面处理有限公司"}, since=date(2026, 5, 1), recording=recording(made))
    assert now.former_names == "青禾电镀有限公司"
    names = asked.names_of([held.enterprise_id], date(2026, 4, 30))
    assert names == {held.enterprise_id: "青禾电镀有限公司"}
    assert asked.names_of([held.enterprise_id], date(2026, 5, 1)) == {held.enterprise_id: "青禾表面处理有限公司"}


def test_a_firm_struck_off_stays_in_the_register(made: Firms) -> None:
    held = made.firm("青禾电镀有限公司")
    now = firms.deregister(held, on=date(2026, 6, 1), recording=recording(made, "市场监管局注销"))
    on = asked.enterprises(made.officer, date(2026, 6, 1)).get()
    assert (on.state, asked.enterprises(made.officer, date(2026, 5, 31)).get().state) == ("deregistered", "operating")
    with pytest.raises(FirmRefused):
        firms.deregister(now, on=date(2026, 7, 1), recording=recording(made))


def test_who_stood_here_when(made: Firms) -> None:
    old = made.firm("青禾县农药厂", code="", state="closed", since=date(1990, 1, 1))
    new = made.firm("青禾电镀有限公司", since=date(2008, 1, 1))
    ground = made.site(old, square(0, 0, 2), since=date(1990, 1, 1), name="老厂区")
    handed = sites.change(ground, {"enterprise": new.enterprise}, since=date(2008, 5, 1), recording=recording(made))
    told = stood_on(square(0, 0), made.officer, date(2026, 11, 20))
    assert [(one.name, one.since, one.until) for one in told] == [
        ("青禾电镀有限公司", date(2008, 5, 1), None),
        ("青禾县农药厂", date(1990, 1, 1), date(2008, 5, 1)),
    ]
    assert [round(one.share, 3) for one in told] == [1.0, 1.0]
    assert round(stood_on(square(1, 0, 2), made.officer, date(2026, 11, 20))[0].share, 2) == 0.5
    assert [one.name for one in stood_on(square(0, 0), made.officer, date(2000, 1, 1))] == ["青禾县农药厂"]
    assert not stood_on(square(3, 0), made.officer, date(2026, 11, 20))
    assert not stood_on(square(0, 0), made.world.actor("stranger"), date(2026, 11, 20))
    before = datetime(2026, 10, 1, tzinfo=UTC)
    assert [one.name for one in stood_on(square(0, 0), made.officer, date(2026, 11, 20), before)] == ["青禾县农药厂"]
    sites.end(handed, on=date(2026, 11, 1), recording=recording(made, "搬迁"))
    assert stood_on(square(0, 0), made.officer, date(2026, 11, 20))[0].until == date(2026, 11, 1)


def test_land_hears_of_the_firms_on_a_ground(made: Firms) -> None:
    made.site(made.firm("青禾电镀有限公司", industry="3360"), square(0, 0))
    answers = known_ground(square(0, 0, 2), made.officer, date(2026, 11, 20)).answers
    told = next(one for one in answers if one.title == "在此生产经营的企业")
    assert [piece.known.what for piece in told.pieces] == ["青禾电镀有限公司（3360 金属表面处理及热处理加工）"]
    assert round(told.rest_share or 0, 2) == 0.5


def test_a_site_that_cannot_be(made: Firms) -> None:
    firm = made.firm("青禾电镀有限公司")
    with pytest.raises(SiteRefused):
        made.site(firm, square(0, 0), name=" ")
    with pytest.raises(SiteRefused):
        made.site(firm, square(0, 0), kind="garden")
    with pytest.raises(SiteRefused):
        made.site(firm, square(0, 0), enterprise="青禾电镀有限公司")
    with pytest.raises(SiteRefused):
        made.site(firm, square(0, 0), since=date(2026, 11, 21))


def test_one_firm_follows_another_by_a_document(made: Firms) -> None:
    old, new = made.firm("青禾电镀厂"), made.firm("青禾表面处理有限公司")
    said = Following(old.enterprise, new.enterprise, "taken_over", date(2026, 3, 1), "收购协议（2026）1号")
    held = succession.record(said, by=made.officer, at=AT)
    assert asked.predecessors(new.enterprise) == [held]
    assert asked.successors(old.enterprise) == [held]
    for wrong, code in [
        (said, "twice"),
        (Following(new.enterprise, old.enterprise, "merged", date(2026, 2, 1), "文件"), "circle"),
        (Following(old.enterprise, old.enterprise, "merged", date(2026, 3, 1), "文件"), "itself"),
        (Following(new.enterprise, old.enterprise, "bought", date(2026, 3, 2), "文件"), "kind"),
        (Following(new.enterprise, old.enterprise, "merged", date(2026, 3, 2), " "), "document"),
        (Following(new.enterprise, old.enterprise, "merged", date(2026, 11, 21), "文件"), "future"),
    ]:
        with pytest.raises(SuccessionRefused) as refusal:
            succession.record(wrong, by=made.officer, at=AT)
        assert refusal.value.code == f"enterprises.succession.{code}"
    later = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
    succession.supersede(held, recording=Recording(made.officer, later, "登反了"))
    assert not asked.predecessors(new.enterprise)
    assert asked.predecessors(new.enterprise, datetime(2026, 11, 20, 2, 30, tzinfo=UTC)) == [held]
    assert Succession.objects.get().reason == "登反了"


def test_a_representative_sees_the_own_firm_and_no_other(made: Firms) -> None:
    own, other = made.firm("青禾电镀有限公司"), made.firm("青禾农化有限公司")
    person = made.representative(own)
    actor = made.world.actor("firm")
    assert set(EnterpriseVersion.objects.visible_to(actor)) == {own}
    with pytest.raises(NotAllowed):
        made.firm("新公司") and firms.deregister(own, on=date(2026, 6, 1), recording=Recording(actor, AT, "自己注销"))
    with pytest.raises(RepresentativeRefused) as refusal:
        representatives.grant(person, own.enterprise, since=date(2026, 6, 1), by=made.officer, at=AT)
    assert refusal.value.code == "enterprises.representative.twice"
    with pytest.raises(RepresentativeRefused) as refusal:
        representatives.grant(
            made.world.people["reader"], other.enterprise, since=date(2026, 6, 1), by=made.officer, at=AT
        )
    assert refusal.value.code == "enterprises.representative.role"
    held = own.enterprise.representatives.get()
    with pytest.raises(RepresentativeRefused):
        representatives.end(held, on=held.since, by=made.officer, at=AT)
    representatives.end(held, on=date(2026, 11, 1), by=made.officer, at=AT)
    assert not EnterpriseVersion.objects.visible_to(actor).exists()


def test_an_official_does_not_speak_for_a_firm(made: Firms) -> None:
    firm = made.firm("青禾电镀有限公司")
    person = made.representative(made.firm("青禾农化有限公司"))
    RoleGrant.objects.create(person=person, role=RoleGrant.Role.READER, division=made.world.district)
    with pytest.raises(RepresentativeRefused):
        representatives.grant(person, firm.enterprise, since=date(2026, 6, 1), by=made.officer, at=AT)

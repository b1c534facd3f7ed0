"""Notices, stays on lists, and what the past said of them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from desk.enterprise_world import Firms
from soildesk.core.models import AuditEntry, Duty
from soildesk.core.permissions import NotAllowed
from soildesk.core.versions import Recording, VersionRefused
from soildesk.enterprises.models import Enterprise, EnterpriseVersion, Listing, ListNotice
from soildesk.enterprises.refusals import ListRefused
from soildesk.enterprises.services import lists
from soildesk.enterprises.services.lists import Member
from soildesk.land.services.writing import Place

pytestmark = pytest.mark.store
FIRST, NEXT = date(2025, 3, 20), date(2026, 3, 20)
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture
def made(world: Any) -> Firms:
    return Firms(world)


def standing(key: str, on: date, known_on: datetime | None = None) -> set[str]:
    """Our numbers of those on a list."""
    rows = Listing.objects.standing(on, known_on).filter(list_key=key)
    return set(rows.values_list("enterprise__number", flat=True))


def test_a_stay_begins_and_ends_by_notices(made: Firms) -> None:
    firm = made.firm("青禾电镀有限公司", since=date(2020, 1, 1))
    stay = made.listed(firm, "soil_key", FIRST, reason="涉重金属")
    made.delisted(stay, NEXT, reason="已关停")
    assert not standing("soil_key", date(2025, 3, 19))
    assert standing("soil_key", FIRST) == standing("soil_key", date(2026, 3, 19)) == {firm.enterprise.number}
    assert not standing("soil_key", NEXT)
    left = Listing.objects.get(superseded_at=None)
    assert (left.reason_in, left.reason_out, left.notice_out.since) == ("涉重金属", "已关停", NEXT)
    again = made.listed(firm, "soil_key", date(2026, 9, 1))
    assert standing("soil_key", date(2026, 9, 1)) == {firm.enterprise.number}
    assert again.pk != left.pk  # history stays


def test_a_whole_list_takes_off_whom_it_does_not_name_and_nobody_else(made: Firms) -> None:
    world = made.world
    firms = {name: made.firm(name, since=date(2020, 1, 1)) for name in ("甲公司", "乙公司", "丙公司")}
    made.listed(firms["甲公司"], "soil_key", FIRST)
    made.listed(firms["乙公司"], "soil_key", FIRST)
    made.listed(firms["乙公司"], "cadmium", FIRST)
    before = AuditEntry.objects.count()
    notice = made.notice("soil_key", NEXT, whole=True)
    named = [Member(firms["甲公司"].enterprise), Member(firms["丙公司"].enterprise, "新增")]
    taken = lists.take_in(notice, named, by=world.actor("officer"), at=AT)
    assert (len(taken.entered), taken.stayed, len(taken.left)) == (1, 1, 1)
    assert taken.left[0].enterprise == firms["乙公司"].enterprise
    assert notice.number in taken.left[0].reason_out
    assert standing("cadmium", NEXT) == {firms["乙公司"].enterprise.number}
    assert AuditEntry.objects.count() == before + 2  # the notice, and its members at once
    assert standing("soil_key", NEXT, datetime(2026, 5, 1, tzinfo=UTC)) == {
        firms["甲公司"].enterprise.number, firms["乙公司"].enterprise.number,
    }, "as known before the notice was carried out"  # fmt: skip


def test_all_of_a_notice_or_nothing(made: Firms) -> None:
    firm, elsewhere = made.firm("甲公司", since=date(2020, 1, 1)), Enterprise.objects.create(number="QY-别处-1")
    notice = made.notice("soil_key", FIRST)
    with pytest.raises(ListRefused, match="不在"):
        lists.take_in(notice, [Member(firm.enterprise), Member(elsewhere)], by=made.officer, at=AT)
    assert not standing("soil_key", FIRST)


def days(firm: EnterpriseVersion) -> list[tuple[date, date | None]]:
    rows = Listing.objects.filter(superseded_at=None, enterprise=firm.enterprise)
    return list(rows.order_by("since").values_list("since", "until"))


def test_an_older_notice_lasts_until_the_later_one(made: Firms) -> None:
    """History written down backwards: the stays touch, so that a term that ran goes on running."""
    firm = made.firm("甲公司", since=date(2015, 1, 1))
    made.listed(firm, "soil_key", NEXT)
    older = made.listed(firm, "soil_key", FIRST)
    assert days(firm) == [(FIRST, NEXT), (NEXT, None)]
    made.listed(firm, "soil_key", date(2022, 3, 20))
    assert days(firm) == [(date(2022, 3, 20), FIRST), (FIRST, NEXT), (NEXT, None)]
    with pytest.raises(
        ListRefused, match=rf"自 {FIRST} 至 {NEXT} 已在名录内（“{older.notice.number}”），2025-09-01 在此期间"
    ):
        made.listed(firm, "soil_key", date(2025, 9, 1))
    with pytest.raises(ListRefused) as refusal:
        made.delisted(older, NEXT)
    assert refusal.value.code == "enterprises.list.later"
    made.delisted(older, date(2025, 12, 1))
    assert days(firm)[1:] == [(FIRST, date(2025, 12, 1)), (NEXT, None)]
    assert not standing("soil_key", date(2025, 12, 1))
    with pytest.raises(ListRefused):
        made.delisted(Listing.objects.get(superseded_at=None, since=FIRST), date(2025, 11, 1))


def test_beside_a_stay_that_ended(made: Firms) -> None:
    firm = made.firm("甲公司", since=date(2015, 1, 1))
    made.delisted(made.listed(firm, "soil_key", FIRST), date(2025, 12, 1))
    made.listed(firm, "soil_key", date(2025, 12, 1))
    made.listed(firm, "soil_key", date(2024, 3, 20))
    assert days(firm) == [(date(2024, 3, 20), FIRST), (FIRST, date(2025, 12, 1)), (date(2025, 12, 1), None)]
    with pytest.raises(ListRefused, match="在此期间"):
        made.listed(firm, "soil_key", date(2025, 6, 1))


def test_what_never_was_does_not_end_the_stay_before_it(made: Firms) -> None:
    firm = made.firm("甲公司", since=date(2015, 1, 1))
    wrong = made.listed(firm, "soil_key", NEXT)
    made.listed(firm, "soil_key", FIRST)
    lists.withdraw(wrong, recording=Recording(made.officer, AT, "登错企业"))
    assert days(firm) == [(FIRST, None)]
    again = made.listed(firm, "cadmium", NEXT)
    out = made.delisted(again, date(2026, 6, 1))
    made.listed(firm, "cadmium", FIRST)
    lists.withdraw(out, recording=Recording(made.officer, AT, "登错企业"))
    kept = Listing.objects.get(superseded_at=None, list_key="cadmium")
    assert (kept.since, kept.until, kept.notice_out) == (FIRST, date(2026, 6, 1), out.notice_out)


def test_terms_run_from_the_older_day(made: Firms) -> None:
    """A year after the first listing, whichever was written down first."""
    firm = made.firm("甲公司", since=date(2015, 1, 1))
    made.listed(firm, "soil_key", NEXT)
    due = Duty.objects.filter(title__contains="隐患排查").earliest("due").due
    made.listed(firm, "soil_key", FIRST)
    assert Duty.objects.filter(title__contains="隐患排查").earliest("due").due < due


def test_nobody_enters_twice_or_leaves_what_he_is_not_on(made: Firms) -> None:
    firm = made.firm("甲公司", since=date(2020, 1, 1))
    stay = made.listed(firm, "soil_key", FIRST)
    with pytest.raises(ListRefused) as refusal:
        made.listed(firm, "soil_key", NEXT)
    assert refusal.value.code == "enterprises.list.standing"
    with pytest.raises(ListRefused) as refusal:
        lists.leave(made.notice("cadmium", NEXT), stay, reason="已关停", by=made.officer, at=AT)
    assert refusal.value.code == "enterprises.list.not_standing"
    with pytest.raises(ListRefused) as refusal:
        made.delisted(stay, FIRST)
    assert refusal.value.code == "enterprises.list.too_early"
    with pytest.raises(ListRefused) as refusal:
        made.delisted(stay, NEXT, reason=" ")
    assert refusal.value.code == "enterprises.list.reason"
    made.delisted(stay, NEXT)
    with pytest.raises(VersionRefused):
        lists.leave(made.notice("soil_key", date(2026, 6, 1)), stay, reason="重复", by=made.officer, at=AT)


NOTICE = {
    "list_key": "soil_key", "number": "云环〔2026〕8号", "title": "名录", "authority": "云泽市生态环境局",
    "decided_on": NEXT, "since": NEXT,
}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"list_key": "no_such"}, "unknown"),
        ({"number": " "}, "number"),
        ({"title": ""}, "title"),
        ({"authority": ""}, "authority"),
        ({"decided_on": None}, "days"),
        ({"since": date(2026, 3, 19)}, "days"),
        ({"published_on": date(2026, 3, 19)}, "days"),
        ({"decided_on": date(2026, 11, 21), "since": date(2026, 11, 21)}, "future"),
        ({"decided_on": date(2018, 7, 31), "since": date(2018, 7, 31)}, "not_kept"),
        ({"address": "www.example.gov.cn"}, "address"),
        ({"colour": "red"}, "unknown_fact"),
    ],
)
def test_a_notice_that_cannot_be(world: Any, said: dict[str, Any], code: str) -> None:
    where = Place(world.district, world.departments["ecology"])
    with pytest.raises(ListRefused) as refusal:
        lists.register({**NOTICE, **said}, where, by=world.actor("officer"), at=AT)
    assert refusal.value.code == f"enterprises.list.{code}"
    assert not ListNotice.objects.exists()


def test_the_first_day_of_a_list_is_enough(world: Any) -> None:
    where, first = Place(world.district, world.departments["ecology"]), date(2018, 8, 1)
    said = {**NOTICE, "decided_on": first, "since": None}
    assert lists.register(said, where, by=world.actor("officer"), at=AT).since == first


def test_a_notice_stands_once_and_only_its_office_writes_it(world: Any) -> None:
    where = Place(world.district, world.departments["ecology"])
    lists.register(NOTICE, where, by=world.actor("officer"), at=AT)
    with pytest.raises(ListRefused) as refusal:
        lists.register(NOTICE, where, by=world.actor("officer"), at=AT)
    assert refusal.value.code == "enterprises.list.twice"
    for who in ("reader", "town", "stranger"):
        with pytest.raises(NotAllowed):
            lists.register({**NOTICE, "number": who}, where, by=world.actor(who), at=AT)


def test_a_mistake_is_withdrawn_and_still_known(made: Firms) -> None:
    firm = made.firm("甲公司", since=date(2020, 1, 1))
    stay = made.listed(firm, "soil_key", FIRST)
    lists.withdraw(stay, recording=Recording(made.officer, AT, "登错企业"))
    assert not standing("soil_key", NEXT)
    assert standing("soil_key", NEXT, datetime(2026, 1, 1, tzinfo=UTC)) == {firm.enterprise.number}
    with pytest.raises(ListRefused):
        lists.withdraw(made.listed(firm, "soil_key", NEXT), recording=Recording(made.officer, AT, " "))


def test_words_of_a_stay_are_put_right_and_its_days_are_not(made: Firms) -> None:
    stay = made.listed(made.firm("甲公司", since=date(2020, 1, 1)), "soil_key", FIRST)
    held = lists.correct(stay, {"reason_in": "涉镉"}, recording=Recording(made.officer, AT, "照文件更正"))
    assert (held.since, held.reason_in) == (FIRST, "涉镉")
    with pytest.raises(ListRefused):
        lists.correct(held, {"since": "2020-01-01"}, recording=Recording(made.officer, AT, "不行"))

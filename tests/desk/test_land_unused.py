"""Unused land and its patrols: one duty at a time, findings stay open until somebody acts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import shapely
from land_world import AT, SINCE, county, place, square, waste

from soildesk.core import audit, files
from soildesk.core.models import Department, DepartmentAlias, Duty
from soildesk.core.permissions import NotAllowed
from soildesk.core.versions import Recording
from soildesk.kit.gis.values import BadValue, clean
from soildesk.land import entering
from soildesk.land.models import Patrol, UnusedLandVersion
from soildesk.land.queries import choices, owed, standing
from soildesk.land.refusals import UnusedRefused
from soildesk.land.services import patrols, unused
from soildesk.land.services.patrols import Photo, Seen
from soildesk.land.services.rounds import months_after

pytestmark = [pytest.mark.django_db, pytest.mark.store]
MAY = date(2026, 5, 20)
LATER = datetime(2026, 5, 20, 2, 0, tzinfo=UTC)
JPEG = b"\xff\xd8\xff\xe0" + b"0" * 40


def refused(code: str) -> Any:
    """The act is refused with this code."""
    return pytest.raises(UnusedRefused, check=lambda error: error.code == f"land.{code}")


def due(version: UnusedLandVersion) -> list[date | None]:
    """The open duties of a piece of land."""
    rows = Duty.objects.filter(subject_type="land.unusedland", subject_id=version.land_id, done_on=None)
    return list(rows.values_list("due", flat=True))


def visit(world: Any, version: UnusedLandVersion, on: date = MAY, who: str = "town", **said: Any) -> Patrol:
    """A patrol by the town."""
    return patrols.record(version, Seen(**{"found": "nothing", "on": on, **said}), by=world.actor(who), at=LATER)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 5), 6, date(2026, 7, 5)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
    ],
)
def test_months_are_calendar_months(day: date, months: int, expected: date) -> None:
    assert months_after(day, months) == expected


def test_a_keeper_goes_by_every_name_that_is_theirs_alone(world: Any) -> None:
    ecology, town = world.departments["ecology"], world.towns["柏庄镇"]
    DepartmentAlias.objects.create(department=ecology, name="区环保局")
    for name in ("柏庄镇", "军庄镇"):
        Department.objects.create(
            name="农业农村综合服务中心", short_name="农服中心", division=world.towns[name].division
        )
    named = choices.keepers(world.actor("officer"), SINCE)
    entry = entering.UNUSED.entry("keeper")
    for said in ("青禾区生态环境局", "区生态环境局", "区环保局", str(ecology.uid), str(ecology.pk)):
        assert clean(entry, said, named) == ecology.pk, said
    assert clean(entry, "柏庄镇人民政府", named) == town.pk
    for said in ("农服中心", "农业农村综合服务中心"):
        with pytest.raises(BadValue) as refusal:
            clean(entry, said, named)
        assert "农业农村综合服务中心（柏庄镇）、农业农村综合服务中心（军庄镇）" in str(refusal.value)
    of_town = next(value for value, label in named if label == "农业农村综合服务中心（军庄镇）")
    assert Department.objects.get(pk=of_town).division == world.towns["军庄镇"].division
    assert clean(entry, "农业农村综合服务中心（军庄镇）", named) == of_town
    assert len({str(label) for _value, label in named}) == len(named), "what a preview shows is read again"
    with pytest.raises(BadValue, match="应为"):
        clean(entry, "市生态环境局", named)


class TestRegister:
    """Land is registered with a keeper who owes the first patrol."""

    @pytest.mark.parametrize(
        ("facts", "code"),
        [
            ({"name": " "}, "unused.name_missing"),
            ({"kind": "desert"}, "unused.kind"),
            ({"keeper": None}, "unused.keeper"),
            ({"patrol_every_months": 0}, "unused.period"),
            ({"patrol_every_months": 61}, "unused.period"),
            ({"colour": "x"}, "unused.unknown_fact"),
        ],
    )
    def test_refusals(self, world: Any, facts: dict[str, Any], code: str) -> None:
        said = {"name": "甲", **facts}
        with refused(code):
            waste(world, square(0, 0), said.pop("name"), **said)

    def test_a_code_stands_once_and_nobody_registers_elsewhere(self, world: Any) -> None:
        county(world)
        with refused("unused.code_taken"):
            waste(world, square(8, 8), "乙", code="WL-1")
        with refused("unused.future"):
            waste(world, square(8, 8), "乙", since=world.day + timedelta(days=1))
        facts = {"name": "丙", "kind": "sand", "geometry": square(8, 8)}
        with pytest.raises(NotAllowed):
            unused.register(facts, place(world), since=SINCE, by=world.actor("stranger"), at=AT)

    def test_who_owes_the_patrols_must_see_the_land(self, world: Any) -> None:
        land = county(world)
        with refused("unused.keeper_elsewhere"):
            waste(world, square(8, 8), "丁", keeper=world.towns["军庄镇"])
        with refused("unused.keeper_elsewhere"):
            why = Recording(world.actor("officer"), LATER, "改由他镇管护")
            unused.change(land.unused["sand"], {"keeper": world.towns["军庄镇"]}, since=None, recording=why)

    def test_the_first_patrol_is_due_a_period_after_registration(self, world: Any) -> None:
        land = county(world)
        assert due(land.unused["sand"]) == [date(2026, 7, 5)]
        assert due(land.unused["salt"]) == [date(2027, 1, 5)]
        duty = Duty.objects.get(subject_id=land.unused["sand"].land_id, subject_type="land.unusedland")
        assert (duty.kind, duty.unit, "每 6 个月" in duty.basis) == ("land.patrol", world.towns["柏庄镇"], True)

    def test_a_shorter_period_moves_the_duty_and_the_end_ends_it(self, world: Any) -> None:
        sand, officer = county(world).unused["sand"], world.actor("officer")
        why = Recording(officer, LATER, "按方案加密巡查")
        held = unused.change(sand, {"patrol_every_months": 3}, since=date(2026, 3, 1), recording=why)
        assert due(held) == [date(2026, 4, 5)]
        unused.end(held, on=MAY, recording=Recording(officer, LATER, "已开垦"))
        assert not Duty.objects.filter(subject_id=held.land_id, subject_type="land.unusedland").late_on(MAY).exists()
        last = UnusedLandVersion.objects.filter(land=held.land, superseded_at=None).latest("since")
        with refused("unused.ended"):
            unused.end(last, on=date(2026, 4, 1), recording=why)


class TestPatrols:
    """A patrol fulfils what was owed; what it found stays open until somebody acts."""

    def test_a_patrol_closes_the_duty_and_opens_the_next(self, world: Any) -> None:
        sand = county(world).unused["sand"]
        made = visit(world, sand)
        assert due(sand) == [date(2026, 11, 20)]
        done = Duty.objects.get(subject_id=sand.land_id, subject_type="land.unusedland", done_on=MAY)
        assert done.evidence == [{"type": "land.patrol", "uid": str(made.uid)}]
        visit(world, sand)  # again on the same day: nothing is fulfilled twice
        visit(world, sand, on=date(2026, 2, 1))  # written down late
        assert due(sand) == [date(2026, 11, 20)]
        assert audit.verify().ok

    def test_late_ones_are_named_on_the_day(self, world: Any) -> None:
        county(world)
        actor, day = world.actor("officer"), date(2026, 7, 6)
        assert [(one.title.startswith("巡查未利用地：东河滩地"), one.late) for one in owed.rounds(actor, day)] == [
            (True, True)
        ]
        assert owed.rounds(world.actor("stranger"), day) == []
        rows = [{"land_id": row.land_id} for row in standing.unused_land(actor, day).order_by("pk")]
        owed.add_rounds(rows, actor, day)
        assert [(row["_late"], row["_last"], row["_open"]) for row in rows] == [(True, None, 0), (False, None, 0)]

    def test_findings_stay_open_until_an_action_is_written(self, world: Any) -> None:
        sand, town = county(world).unused["sand"], world.actor("town")
        found = visit(world, sand, found="dumping", note="北角有建筑垃圾约 3 车")
        assert owed.open_findings(town, MAY) == 1
        for action, on, code in (
            ("", MAY, "action_missing"),
            ("已清运", date(2026, 5, 1), "before"),
            ("已清运", date(2026, 11, 30), "future"),
        ):
            with refused(f"patrol.{code}"):
                patrols.close(found, action, by=town, at=LATER, on=on)
        with pytest.raises(NotAllowed):
            patrols.close(found, "已清运", by=world.actor("stranger"), at=LATER, on=MAY)
        patrols.close(found, "已清运", by=town, at=LATER, on=date(2026, 5, 25))
        assert owed.open_findings(town, date(2026, 5, 26)) == 0
        assert owed.open_findings(town, date(2026, 5, 24)) == 1  # as it was then
        with refused("patrol.closed"):
            patrols.close(found, "再办", by=town, at=LATER)
        with refused("patrol.nothing_found"):
            patrols.close(visit(world, sand), "无", by=town, at=LATER)

    @pytest.mark.parametrize(
        ("said", "code"),
        [
            ({"found": "gold"}, "patrol.found"),
            ({"found": "pollution"}, "patrol.note_missing"),
            ({"on": date(2026, 11, 21)}, "patrol.future"),
            ({"on": date(2025, 12, 31)}, "patrol.before"),
            ({"point": shapely.Point(0, 0)}, "patrol.point"),
        ],
    )
    def test_refusals(self, world: Any, said: dict[str, Any], code: str) -> None:
        sand = county(world).unused["sand"]
        with refused(code):
            visit(world, sand, **said)

    def test_photographs_are_read_by_whom_the_patrol_is_seen(self, world: Any) -> None:
        sand, town = county(world).unused["sand"], world.actor("town")
        photos = [Photo("东.jpg", JPEG, "东"), Photo("西.jpg", JPEG + b"1", "西")]
        point = shapely.Point(114.309, 34.701)
        made = patrols.record(sand, Seen("nothing", MAY, point=point), by=town, at=LATER, photos=photos)
        uses = list(files.uses_of(made))
        assert [(use.name, use.note) for use in uses] == [("东.jpg", "东"), ("西.jpg", "西")]
        assert files.readable(world.actor("officer"), uses[0])
        assert not files.readable(world.actor("stranger"), uses[0])
        with refused("patrol.not_photo"):
            patrols.record(sand, Seen("nothing", MAY), by=town, at=LATER, photos=[Photo("a.pdf", b"%PDF-")])
        with refused("patrol.not_photo"):
            patrols.record(sand, Seen("nothing", MAY), by=town, at=LATER, photos=photos * 7)
        before = Patrol.objects.count()
        with pytest.raises(files.FileRefused):  # a program called .jpg: nothing of the patrol is written
            patrols.record(sand, Seen("nothing", MAY), by=town, at=LATER, photos=[Photo("a.jpg", b"MZ0")])
        assert Patrol.objects.count() == before

    @pytest.mark.parametrize("name", ["reader", "stranger", "admin"])
    def test_who_may_not_patrol(self, world: Any, name: str) -> None:
        sand = county(world).unused["sand"]
        with pytest.raises(NotAllowed):
            visit(world, sand, who=name)

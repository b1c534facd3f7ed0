"""Permissions are closed by default and scope is part of the query."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from desk.conftest import DAY, World
from soildesk.core import duties
from soildesk.core.models import Duty, Person, RoleGrant
from soildesk.core.permissions import (
    Actor,
    NotAllowed,
    may,
    register,
    registered,
    require,
    scope_condition,
    system_actor,
)

pytestmark = pytest.mark.store
SYSTEM = system_actor("test", DAY)


def _duty(world: World, owner: str = "ecology", unit: str = "agriculture", path: str = "") -> Duty:
    anchor = Duty(pk=1, division_path=path or world.district.path, owner_department=world.departments[owner])
    spec = duties.DutySpec(Duty.Kind.MILESTONE, "示例", world.departments[unit], due=DAY)
    return duties.open_duty(anchor, spec, by=SYSTEM, life=duties.Life(DAY))


def test_nobody_may_do_anything_without_an_actor() -> None:
    for name in registered():
        assert not may(None, name)
        with pytest.raises(NotAllowed, match="登录"):
            require(None, name)


def test_person_without_a_grant_may_nothing_and_sees_nothing(world: World) -> None:
    _duty(world)
    nobody = Actor.of(Person.objects.create(username="nobody", name="无"), DAY)
    assert [name for name in registered() if may(nobody, name)] == []
    assert not Duty.objects.visible_to(nobody).exists()
    assert not Duty.objects.visible_to(None).exists()


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("officer", True),
        ("issuer", True),
        ("reader", True),
        ("auditor", True),
        ("agriculture", True),
        ("admin", False),
        ("stranger", False),
        ("town", False),
    ],
)
def test_who_sees_a_duty_of_the_district(world: World, who: str, sees: bool) -> None:
    duty = _duty(world)
    assert Duty.objects.visible_to(world.actor(who)).filter(pk=duty.pk).exists() is sees


def test_town_sees_what_it_owes_though_the_row_is_the_districts(world: World) -> None:
    duty = _duty(world)
    Duty.objects.filter(pk=duty.pk).update(unit=world.towns["柏庄镇"])
    assert Duty.objects.visible_to(world.actor("town")).count() == 1
    Duty.objects.filter(pk=duty.pk).update(unit=world.towns["军庄镇"])
    assert Duty.objects.visible_to(world.actor("town")).count() == 0


def test_district_does_not_see_the_city(world: World) -> None:
    _duty(world, owner="city_ecology", path=world.city.path)
    assert not Duty.objects.visible_to(world.actor("officer")).exists()


def test_rights_are_those_of_the_day(world: World) -> None:
    grant = RoleGrant.objects.get(person=world.people["officer"])
    grant.since, grant.until = DAY, DAY + timedelta(days=1)
    grant.save()
    days = [DAY - timedelta(days=1), DAY, DAY + timedelta(days=1)]
    assert [may(world.actor("officer", day), "core.manage_departments") for day in days] == [False, True, False]


def test_switched_off_person_may_nothing(world: World) -> None:
    Person.objects.filter(username="officer").update(is_active=False)
    world.people["officer"].refresh_from_db()
    assert not may(world.actor("officer"), "core.manage_departments")


def test_refusal_says_who_can_and_where(world: World) -> None:
    with pytest.raises(NotAllowed) as refusal:
        require(world.actor("reader"), "core.manage_departments", world.departments["ecology"])
    assert refusal.value.code == "core.not_allowed"
    assert "经办人" in refusal.value.sentence
    assert "青禾区" in refusal.value.sentence


def test_permission_of_one_place_does_not_reach_another(world: World) -> None:
    officer = world.actor("officer")
    require(officer, "core.manage_departments", world.departments["ecology"])
    assert not may(officer, "core.manage_departments", world.departments["other_ecology"])
    assert not may(officer, "core.manage_departments", world.departments["city_ecology"])


def test_grant_of_one_department_covers_its_rows_only(world: World) -> None:
    RoleGrant.objects.filter(person=world.people["officer"]).update(department=world.departments["ecology"])
    own, other = _duty(world), _duty(world, owner="finance", unit="finance")
    assert set(Duty.objects.visible_to(world.actor("officer"))) == {own}
    register("test.act", "试", {RoleGrant.Role.OFFICER})
    assert may(world.actor("officer"), "test.act", own)
    assert not may(world.actor("officer"), "test.act", other)


def test_a_role_may_carry_a_permission_beside_the_others_in_some_lines_of_work_only(world: World) -> None:
    role = RoleGrant.Role
    register("test.beside", "试办", {role.OFFICER}, also={role.DEPARTMENT: {"natural_resources"}})
    assert may(world.actor("officer"), "test.beside", world.district)
    farming = world.actor("agriculture")
    assert not may(farming, "test.beside", world.district)
    with pytest.raises(NotAllowed, match="或自然资源和规划条线部门的责任单位人员"):
        require(farming, "test.beside", world.district)
    RoleGrant.objects.filter(person=world.people["agriculture"]).update(
        department=world.departments["natural_resources"]
    )
    natural = world.actor("agriculture")
    assert may(natural, "test.beside", world.district)
    assert not may(natural, "test.beside", world.other)
    assert not may(world.actor("town"), "test.beside", world.district)


def test_unregistered_permission_is_a_fault_of_the_program(world: World) -> None:
    with pytest.raises(LookupError, match="not registered"):
        may(world.actor("officer"), "no.such_permission")
    with pytest.raises(ValueError, match="twice"):
        register("core.manage_people", "x", {RoleGrant.Role.READER})


def test_system_actor_is_named_and_sees_all(world: World) -> None:
    _duty(world)
    assert Duty.objects.filter(scope_condition(SYSTEM, Duty)).count() == 1
    assert SYSTEM.name == "system:test"
    with pytest.raises(ValueError, match="name"):
        system_actor("", date(2026, 1, 1))

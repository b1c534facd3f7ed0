"""The first day of an office: units and people from Excel, first passwords once, and what is still to be brought in."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

import pytest
import xlsxwriter
from django.test import Client
from django.urls import reverse
from django.utils import translation

from desk.conftest import AT, World
from soildesk.core.models import AuditEntry, Department, Person, RoleGrant
from soildesk.core.permissions import NotAllowed
from soildesk.core.services import people
from soildesk.core.services.people import PersonRefused
from soildesk.kit import imports
from soildesk.kit.imports import ImportBatch, ImportRefused, Purpose

UNIT_HEAD = ("全称", "简称", "类别", "条线", "区划", "别名")
PEOPLE_HEAD = ("姓名", "用户名", "所在单位", "电话", "角色")


def book(**sheets: Sequence[Sequence[object]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return out.getvalue()


def read(world: World, kind: str, data: bytes, who: str = "admin") -> ImportBatch:
    return imports.preview(imports.kind_called(kind), data, "名册.xlsx", Purpose(world.actor(who), AT))


def units(world: World, *rows: Sequence[object], who: str = "admin") -> ImportBatch:
    return read(world, "kit.units", book(单位=[("单位名册",), UNIT_HEAD, *rows]), who)


def staff(world: World, *rows: Sequence[object], who: str = "admin") -> ImportBatch:
    return read(world, "kit.people", book(人员=[PEOPLE_HEAD, *rows]), who)


def take(world: World, batch: ImportBatch, *, partly: bool = False) -> ImportBatch:
    return imports.accept(batch, Purpose(world.actor("admin"), AT), partly=partly)


def fates(batch: ImportBatch) -> list[tuple[str, str]]:
    return [(row.verdict, "".join(row.messages)) for row in batch.rows.order_by("position", "id")]


def test_kind_line_and_division_are_taken_from_the_name(world: World) -> None:
    batch = units(
        world,
        ("青禾区审计局", "区审计局", "", "", "", "区审计机关、审计局"),
        ("北湖街道办事处",),
        ("柏庄镇人民政府",),
        ("青禾区土壤污染防治指挥部办公室",),
        ("青禾区民族宗教局",),
    )
    assert [row.verdict for row in batch.rows.order_by("position")] == ["ok", "ok", "ok", "ok", "warning"]
    take(world, batch)
    audit = Department.objects.get(name="青禾区审计局")
    assert (audit.kind, audit.function, audit.division) == ("department", "audit", world.district)
    assert sorted(audit.aliases.values_list("name", flat=True)) == ["区审计机关", "审计局"]
    assert Department.objects.get(name="北湖街道办事处").division == world.district, "no such town: of the place itself"
    assert Department.objects.filter(name="柏庄镇人民政府").count() == 1, "it stands already in its own town"
    assert Department.objects.get(name="青禾区土壤污染防治指挥部办公室").kind == "other"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (("", "简称"), "全称为空"),
        (("某某局", "", "机关"), "类别“机关”无法识别"),
        (("某某局", "", "", "水务"), "条线“水务”无法识别"),
        (("某某局", "", "", "", "赤岩区"), "区划“赤岩区”在您管理的区划里没有"),
        (("某某局", "", "", "", "990199"), "区划“990199”"),
        (("某某局", "", "", "", "", "农业局"), "别名“农业局”已是"),
        (("某某林业局",), "与第 3 行重复"),
    ],
)
def test_a_row_that_cannot_be_says_why_and_nothing_is_written(world: World, row: tuple[str, ...], why: str) -> None:
    world.departments["agriculture"].aliases.create(name="农业局")
    batch = units(world, ("某某林业局",), row)
    before = Department.objects.count()
    assert why in fates(batch)[1][1]
    with pytest.raises(ImportRefused, match="一行也没有写入"):
        take(world, batch)
    assert Department.objects.count() == before
    take(world, batch, partly=True)
    assert Department.objects.count() == before + 1


def test_a_registered_unit_is_put_right_and_not_registered_twice(world: World) -> None:
    held = world.departments["finance"]
    Department.objects.filter(pk=held.pk).update(function="", short_name="")
    batch = units(world, (held.name, "区财政", "", "", "", "财政局"), (world.departments["agriculture"].name,))
    assert batch.counts["unchanged"] == 1
    take(world, batch)
    held.refresh_from_db()
    assert (held.short_name, held.function) == ("区财政", "finance")
    assert Department.objects.filter(name=held.name).count() == 1
    assert "core.department.amended" in AuditEntry.objects.values_list("act", flat=True)


def test_people_come_with_their_roles_and_without_a_password(world: World, client: Client) -> None:
    batch = staff(
        world,
        ("李明", "liming", "区生态环境局", 13800000001, "经办人、方案签发人"),
        ("王强", "wangqiang", "柏庄镇", "", "镇街人员"),
        ("周六", "zhouliu", world.departments["finance"].name, "", ""),
    )
    assert [verdict for verdict, _why in fates(batch)] == ["ok", "ok", "warning"]
    take(world, batch)
    ming, qiang = (Person.objects.get(username=name) for name in ("liming", "wangqiang"))
    assert (ming.name, ming.phone, ming.department) == ("李明", "13800000001", world.departments["ecology"])
    assert sorted(ming.grants.values_list("role", "department")) == [("issuer", None), ("officer", None)]
    assert qiang.grants.get().department == world.towns["柏庄镇"]
    assert not ming.has_usable_password() and ming.must_change_password
    assert client.post(reverse("login"), {"username": "liming", "password": "!"}).status_code != 302
    assert "李明" not in str(list(AuditEntry.objects.values_list("data", flat=True)))


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (("李明", "", "区生态环境局", "", "查阅"), "用户名为空"),
        (("李明", "liming", "", "", "查阅"), "所在单位为空"),
        (("李明", "liming", "区税务局", "", "查阅"), "所在单位“区税务局”"),
        (("李明", "liming", "赤岩区生态环境局", "", "查阅"), "所在单位“赤岩区生态环境局”"),
        (("李明", "liming", "区生态环境局", "", "局长"), "角色“局长”不能这样授予"),
        (("李明", "liming", "区生态环境局", "", "企业人员"), "角色“企业人员”不能这样授予"),
        (("李明", "Officer", "区生态环境局", "", "查阅"), "用户名“Officer”已被使用"),
        (("admin", "admin", "区生态环境局", "", "查阅"), "不能给自己授予角色"),
        (("李明", "YANG", "区生态环境局", "", "查阅"), "与第 2 行重复"),
        (("李" * 41, "liming", "区生态环境局", "", "查阅"), "姓名最多 40 个字"),
    ],
)
def test_somebody_who_cannot_be_entered(world: World, row: tuple[str, ...], why: str) -> None:
    batch = staff(world, ("杨", "yang", "区生态环境局", "", "查阅"), row)
    assert why in fates(batch)[1][1]
    with pytest.raises(ImportRefused):
        take(world, batch)
    assert not Person.objects.filter(username="yang").exists()


def test_an_account_that_stands_only_gets_more_roles(world: World) -> None:
    batch = staff(world, ("officer", "officer", "区生态环境局", "", "经办人、查阅"))
    take(world, batch)
    assert sorted(world.people["officer"].grants.values_list("role", flat=True)) == ["officer", "reader"]
    again = staff(world, ("officer", "officer", "区生态环境局", "1", "经办人、查阅"))
    assert again.counts["unchanged"] == 1


def test_both_sheets_may_stand_in_one_workbook(world: World) -> None:
    data = book(
        说明=[("填写说明",)],
        人员=[PEOPLE_HEAD, ("李明", "liming", "青禾区审计局", "", "查阅")],
        单位=[UNIT_HEAD, ("青禾区审计局",)],
    )
    take(world, read(world, "kit.units", data))
    take(world, read(world, "kit.people", data))
    assert Person.objects.get(username="liming").department == Department.objects.get(name="青禾区审计局")
    with pytest.raises(ImportRefused, match="全称"):
        read(world, "kit.units", book(人员=[PEOPLE_HEAD, ("李明", "li", "局", "", "")]))


def test_who_may_and_who_may_not(world: World) -> None:
    for who in ("reader", "agriculture", "town", "auditor"):
        with pytest.raises(NotAllowed):
            units(world, ("某某局",), who=who)
    for who in ("officer", "issuer"):
        with pytest.raises(NotAllowed):
            staff(world, ("李明", "li", "区生态环境局", "", ""), who=who)
    assert world.browser("officer").get(reverse("kit:staff_template", args=["people"])).status_code == 403
    for which in ("units", "people"):
        made = world.browser("admin").get(reverse("kit:staff_template", args=[which]))
        with pytest.raises(ImportRefused):
            read(world, f"kit.{which}", made.content)  # its headings are known, no row is filled in
    assert world.browser("admin").get(reverse("kit:staff_template", args=["x"])).status_code == 404


def test_first_passwords_are_shown_once(world: World, client: Client) -> None:
    take(world, staff(world, ("李明", "liming", "区生态环境局", "", "经办人")))
    admin, page = world.browser("admin"), reverse("core:first_passwords")
    assert "liming" in admin.get(page).content.decode()
    assert "发放初始密码（1 人）" in admin.get(reverse("core:people")).content.decode()
    shown = admin.post(page)
    assert "no-store" in shown["Cache-Control"]
    password = re.search(r'初始密码 <span class="code">([^<]+)<', shown.content.decode())
    assert password
    assert client.post(reverse("login"), {"username": "liming", "password": password[1]}).status_code == 302
    assert password[1] not in admin.post(page).content.decode()
    person = Person.objects.get(username="liming")
    with pytest.raises(PersonRefused, match="已有密码"):
        people.give_first_passwords([person], by=world.actor("admin"), at=AT)
    assert list(AuditEntry.objects.values_list("act", flat=True)).count("core.person.password_given") == 1
    assert world.browser("officer").get(page).status_code == 403


def test_nobody_is_given_a_password_by_somebody_who_is_not_over_them(world: World) -> None:
    take(world, staff(world, ("李明", "liming", "区生态环境局", "", "经办人")))
    person = Person.objects.get(username="liming")
    RoleGrant.objects.create(person=person, role=RoleGrant.Role.READER, division=world.city)
    assert "liming" not in world.browser("admin").post(reverse("core:first_passwords")).content.decode()
    person.refresh_from_db()
    assert not person.has_usable_password()


def test_a_new_desk_tells_what_is_still_to_be_brought_in(world: World) -> None:
    first = world.browser("admin").get("/").content.decode()
    assert reverse("kit:import_new", args=["kit.people"]) in first
    assert "读入方案" not in first
    officer = world.browser("officer").get(reverse("home:begin")).content.decode()
    for kind in ("plans.old_ledger", "points", "enterprises.list", "plots.national"):
        assert reverse("kit:import_new", args=[kind]) in officer
    assert "kit.people" not in officer
    assert world.browser("reader").get(reverse("home:begin")).status_code == 404
    assert "还没有您可以查阅的方案" in world.browser("reader").get("/").content.decode()


def test_a_department_is_put_right_on_its_page(world: World) -> None:
    row = world.departments["finance"]
    act = reverse("core:department_act", args=[row.uid])
    world.browser("officer").post(
        act, {"act": "amend", "short_name": "财政", "kind": "department", "function": "audit"}
    )
    row.refresh_from_db()
    assert (row.short_name, row.function) == ("财政", "audit")
    world.browser("reader").post(act, {"act": "amend", "short_name": "x", "kind": "department", "function": ""})
    row.refresh_from_db()
    assert row.short_name == "财政"


def test_a_table_in_chinese_is_read_by_a_desk_in_english(world: World) -> None:
    with translation.override("en"):
        batch = staff(
            world, ("officer", "officer", "区生态环境局", "", "经办人"), ("李明", "liming", "区生态环境局", "", "查阅")
        )
        assert batch.counts["unchanged"] == 1
        take(world, batch)
    assert Person.objects.get(username="liming").grants.get().role == "reader"


def test_a_unit_closed_after_the_preview_stops_the_import(world: World) -> None:
    batch = staff(world, ("李明", "liming", "区财政局", "", "查阅"))
    Department.objects.filter(pk=world.departments["finance"].pk).update(until=world.day)
    with pytest.raises(ImportRefused, match="所在单位"):
        take(world, batch)
    assert not Person.objects.filter(username="liming").exists()

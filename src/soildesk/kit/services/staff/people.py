"""人员名册: the people of the units and their roles from Excel. Their first passwords are given out afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.departments import CERTAIN, Directory
from soildesk.core.models import Department, Person, RoleGrant
from soildesk.core.models.people import OUTSIDE
from soildesk.core.models.places import valid_on
from soildesk.core.permissions import Actor, may
from soildesk.core.services import people
from soildesk.core.services.people import NewGrant, NewPerson
from soildesk.kit.imports import ImportBatch, ImportKind, ImportRow, Purpose, RowFate, Understood, add
from soildesk.kit.services.staff import tables
from soildesk.kit.services.staff.tables import Column
from soildesk.kit.services.staff.units import Fault, Here
from soildesk.kit.templatebook import in_any_language

MANAGE = "core.manage_people"
Role = RoleGrant.Role
OF_ONE_UNIT = frozenset({Role.DEPARTMENT, Role.TOWN})
LONGEST = {"username": 60, "name": 40, "phone": 30}


TITLES = {
    "name": _l("姓名"), "username": _l("用户名"), "department": _l("所在单位"), "phone": _l("电话"), "roles": _l("角色"),
}  # fmt: skip


def roles() -> dict[str, RoleGrant.Role]:
    """The roles of people in offices, by their names in every language."""
    inside = [role for role in Role if role not in OUTSIDE]
    return {word: role for role in inside for word in in_any_language(lambda role=role: role.label)}


def role_names() -> str:
    """The roles that can be given here."""
    return "、".join(str(role.label) for role in Role if role not in OUTSIDE)


def columns() -> list[Column]:
    """The columns of the table."""
    units = ("单位", "部门", "工作单位", "单位名称")
    return [
        Column("name", TITLES["name"], needed=True),
        Column("username", TITLES["username"], ("登录名", "账号", "账户"), True, _("登录用，建议用姓名拼音，全系统不重复。")),
        Column("department", TITLES["department"], units, True, _("全称、简称或别名；单位要先登记。")),
        Column("phone", TITLES["phone"], ("手机", "联系电话", "手机号")),
        Column("roles", TITLES["roles"], hint=_("几个用顿号隔开；没有角色的人员看不到任何数据。可填：%(known)s") % {"known": role_names()}),
    ]  # fmt: skip


@dataclass(frozen=True)
class Office:
    """The units an administrator may put people in, and the accounts there are."""

    directories: Sequence[Directory]
    actor: Actor
    accounts: Mapping[str, Person]

    @classmethod
    def of(cls, actor: Actor, usernames: Sequence[str]) -> Office:
        """For somebody who keeps people, and the accounts of these names."""
        rows = Person.objects.filter(username__in=[*usernames, *(name.lower() for name in usernames)])
        known = {row.username.casefold(): row for row in rows.select_related("department")}
        return cls([Directory(root, actor.today) for root in Here.of(actor).roots], actor, known)

    def department(self, said: str) -> Department:
        """The unit a row names."""
        found = [match for match in (one.match(said) for one in self.directories) if match.how in CERTAIN]
        kept = {match.department for match in found if match.department and may(self.actor, MANAGE, match.department)}
        if len(kept) == 1:
            return kept.pop()
        raise Fault(_("所在单位“%(said)s”在您管理的单位里没有或不止一个：请先登记单位，或填写全称。") % {"said": said})


def _read(data: bytes, name: str, purpose: Purpose) -> Understood:
    found = tables.found(data, name, columns())
    office = Office.of(purpose.actor, [said.get("username", "") for _number, said in found.rows])
    return Understood(found.mapping, list(_fates(found.rows, office)))


def _fates(rows: Sequence[tuple[int, Mapping[str, str]]], office: Office) -> Iterator[RowFate]:
    titles = {column.key: str(column.title) for column in columns()}
    seen: dict[str, int] = {}
    for number, said in rows:
        raw = {titles[key]: text for key, text in said.items()}
        try:
            _complete(said)
            username = said["username"].casefold()
            if username in seen:
                raise Fault(_("用户名与第 %(row)d 行重复：一人一行，几个角色写在一格里。") % {"row": seen[username]})
            seen[username] = number
            yield _fate(number, raw, said, office)
        except Fault as fault:
            yield RowFate(number, raw, "refused", [str(fault)])


def _complete(said: Mapping[str, str]) -> None:
    for column in columns():
        if column.needed and not said.get(column.key):
            raise Fault(_("%(title)s为空。") % {"title": column.title})
        longest = LONGEST.get(column.key)
        if longest and len(said.get(column.key, "")) > longest:
            raise Fault(_("%(title)s最多 %(longest)d 个字。") % {"title": column.title, "longest": longest})
    known = roles()
    for role in tables.parts(said.get("roles", "")):
        if role not in known:
            raise Fault(
                _("角色“%(role)s”不能这样授予：可填%(known)s；检测机构、企业和专家的角色请在人员页授予。")
                % {"role": role, "known": role_names()}
            )


def _fate(number: int, raw: Mapping[str, str], said: Mapping[str, str], office: Office) -> RowFate:
    department, known = office.department(said["department"]), roles()
    after = {
        "name": said["name"], "username": said["username"], "department": department.name,
        "phone": said.get("phone", ""), "roles": "、".join(str(known[one].label) for one in tables.parts(said.get("roles", ""))),
    }  # fmt: skip
    person = office.accounts.get(said["username"].casefold())
    if person is None:
        told = [] if after["roles"] else [_("没有填写角色：授予角色以前，这个人看不到任何数据。")]
        return RowFate(number, raw, "warning" if told else "ok", told, None, after)
    if person.name != said["name"] or person.department != department:
        raise Fault(_("用户名“%(username)s”已被使用：请换一个，或在人员页更正。") % {"username": said["username"]})
    held = _held(person, department, office.actor)
    more = [one for one in tables.parts(after["roles"]) if one not in held]
    if more and person == office.actor.person:
        raise Fault(_("不能给自己授予角色：请由另一名系统管理员办理。"))
    before = {**after, "username": person.username, "phone": person.phone, "roles": "、".join(held)}
    told = [_("已有账户：只补充角色。")] if more else []
    return RowFate(number, raw, "ok", told, before, {**before, "roles": "、".join([*held, *more])})


def _held(person: Person, department: Department, actor: Actor) -> list[str]:
    """The roles somebody has in the division of a unit today."""
    rows = person.grants.filter(valid_on(actor.today), division=department.division)
    return list(dict.fromkeys(str(row.get_role_display()) for row in rows.order_by("id")))


def _apply(rows: Sequence[ImportRow], purpose: Purpose) -> Mapping[str, int]:
    by, at = purpose.actor, purpose.at
    office = Office.of(by, [(row.after or {})["username"] for row in rows])
    known, made = roles(), 0
    for row in rows:
        after = row.after or {}
        department = office.department(after["department"])
        person = office.accounts.get(after["username"].casefold())
        if person is None:
            new = NewPerson(after["username"], after["name"], department, after["phone"])
            person = people.create_person(new, password=None, by=by, at=at)
            made += 1
        held = _held(person, department, by)
        for role in (known[one] for one in tables.parts(after["roles"]) if one not in held):
            own = department if role in OF_ONE_UNIT else None
            people.grant(person, NewGrant(role, department.division, own), by=by, at=at)
    return {"new": made, "changed": len(rows) - made}


def template() -> bytes:
    """The empty table."""
    notes = [
        _("一人一行。角色在所在单位的区划及其下级有效；责任单位人员和镇街人员只限于本单位。"),
        _("导入后由系统管理员在“人员与角色”页生成并打印初始密码，首次登录须修改。"),
    ]
    return tables.template(_("人员"), columns(), notes)


def _done(_batch: ImportBatch) -> str:
    return reverse("core:first_passwords")


PEOPLE = add(
    ImportKind(
        name="kit.people",
        title=_l("人员名册"),
        permission=MANAGE,
        read=_read,
        apply=_apply,
        names=TITLES | {"new": _l("新增"), "changed": _l("补充角色")},
        accepts=(".xlsx", ".xls"),
        hint=_l("一人一行：姓名、用户名、所在单位和角色。单位要先登记；导入后再生成初始密码。"),
        template_url=lambda given: reverse("kit:staff_template", args=["people"]),
        done_url=_done,
        whole=True,
    )
)

"""单位名册: the departments, towns and other bodies of a place from Excel."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import departments, units
from soildesk.core.models import Department, DepartmentAlias, Division
from soildesk.core.models.places import valid_on
from soildesk.core.permissions import Actor, divisions_of, may
from soildesk.core.services import places
from soildesk.kit.imports import ImportBatch, ImportKind, ImportRefused, ImportRow, Purpose, RowFate, Understood, add
from soildesk.kit.services.staff import tables
from soildesk.kit.services.staff.tables import Column
from soildesk.kit.templatebook import in_any_language

MANAGE = "core.manage_departments"
Kind = Department.Kind
PERSONAL = frozenset({"姓名", "用户名"})
TOWN = re.compile(r"(街道|办事处|街道办|镇|乡|镇政府|乡政府|[镇乡]人民政府)$")
GOVERNMENT = re.compile(r"政府$")
DEPARTMENT = re.compile(r"[局委厅]$|委员会$|分局$")
OF_NO_LINE = frozenset({Kind.TOWN, Kind.GOVERNMENT})


class Fault(ImportRefused):
    """What is wrong with a row, as the user reads it; of a row that was right when it was shown, it stops the import."""


TITLES = {
    "name": _l("全称"), "short_name": _l("简称"), "kind": _l("类别"), "function": _l("条线"), "division": _l("区划"),
    "aliases": _l("别名"),
}  # fmt: skip


def columns() -> list[Column]:
    """The columns of the table."""
    kinds = "、".join(str(one) for one in Kind.labels)
    lines = "、".join(units.line_titles().values())
    return [
        Column("name", TITLES["name"], ("单位全称", "单位名称", "部门全称", "部门名称"), True, _("印章上的名称。")),
        Column("short_name", TITLES["short_name"], ("单位简称",), hint=_("文件中常用的短名。")),
        Column("kind", TITLES["kind"], hint=_("不填按名称认。可填：%(known)s") % {"known": kinds}),
        Column("function", TITLES["function"], hint=_("不填按名称认，认不出的留空。可填：%(known)s") % {"known": lines}),
        Column("division", TITLES["division"], ("行政区划", "区划代码", "所属区划"), hint=_("名称或代码。不填：镇街按名称认，其他为本级。")),
        Column("aliases", TITLES["aliases"], ("又称", "其他名称"), hint=_("文件中可能印的其他名称，几个用顿号隔开。")),
    ]  # fmt: skip


@dataclass(frozen=True)
class Here:
    """The divisions an administrator keeps, and what stands in them today."""

    divisions: Mapping[str, Division]
    roots: Sequence[Division]
    standing: Mapping[tuple[str, str], Department]

    @classmethod
    def of(cls, actor: Actor) -> Here:
        """For somebody who keeps departments."""
        rows = Division.objects.filter(divisions_of(actor), valid_on(actor.today)).select_related("parent")
        kept = {row.code: row for row in rows.order_by("path") if may(actor, MANAGE, row)}
        roots = [row for row in kept.values() if row.parent is None or row.parent.code not in kept]
        known = Department.objects.filter(division__in=kept.values(), until=None).select_related("division")
        standing = {(row.division.code, row.name): row for row in known.prefetch_related("aliases")}
        return cls(kept, roots, standing)

    def division(self, said: str, name: str, kind: Kind) -> Division:
        """The division a row is of, by what it says or by its name."""
        if said:
            code = said.split()[0]
            named = [row for row in self.divisions.values() if said == row.name or code == row.code]
            if len(named) == 1:
                return named[0]
            raise Fault(_("区划“%(said)s”在您管理的区划里没有或不止一个：请填写代码。") % {"said": said})
        if kind == Kind.TOWN:
            towns = [row for row in self.divisions.values() if row.level == Division.Level.TOWN and row.name in name]
            if len(towns) == 1:
                return towns[0]
        if len(self.roots) == 1:
            return self.roots[0]
        raise Fault(_("没有填写区划，您管理的区划不止一个：请填写名称或代码。"))


def _read(data: bytes, name: str, purpose: Purpose) -> Understood:
    found = tables.found(data, name, columns(), never=PERSONAL)
    return Understood(found.mapping, list(_fates(found.rows, Here.of(purpose.actor))))


def _fates(rows: Sequence[tuple[int, Mapping[str, str]]], here: Here) -> Iterator[RowFate]:
    titles = {column.key: str(column.title) for column in columns()}
    seen: dict[tuple[str, str], int] = {}
    for number, said in rows:
        raw = {titles[key]: text for key, text in said.items()}
        try:
            after = _stored(said, here)
            key = (after["division"].split()[0], after["name"])
            if key in seen:
                raise Fault(_("与第 %(row)d 行重复。") % {"row": seen[key]})
            seen[key] = number
            yield _fate(number, raw, after, said, here)
        except Fault as fault:
            yield RowFate(number, raw, "refused", [str(fault)])


def _stored(said: Mapping[str, str], here: Here) -> dict[str, str]:
    """A row as it would be stored: kind, line and division told or taken from the name."""
    name = units.clean(said.get("name", ""))
    if not name:
        raise Fault(_("全称为空。"))
    kind = _kind(said.get("kind", ""), name)
    division = here.division(said.get("division", ""), name, kind)
    aliases = [units.clean(one) for one in tables.parts(said.get("aliases", ""))]
    return {
        "name": name,
        "short_name": said.get("short_name", ""),
        "kind": str(kind.label),
        "function": _line(said.get("function", ""), name, kind, division),
        "division": f"{division.code} {division.name}",
        "aliases": "、".join(dict.fromkeys(one for one in aliases if one != name)),
    }


def kinds() -> dict[str, Department.Kind]:
    """The kinds of units by their names in every language."""
    return {word: kind for kind in Kind for word in in_any_language(lambda kind=kind: kind.label)}


def _kind(said: str, name: str) -> Kind:
    if said:
        if said not in kinds():
            raise Fault(
                _("类别“%(said)s”无法识别：应为%(known)s。") % {"said": said, "known": "、".join(map(str, Kind.labels))}
            )
        return kinds()[said]
    for pattern, kind in ((TOWN, Kind.TOWN), (GOVERNMENT, Kind.GOVERNMENT), (DEPARTMENT, Kind.DEPARTMENT)):
        if pattern.search(name):
            return kind
    return Kind.OTHER


def _line(said: str, name: str, kind: Kind, division: Division) -> str:
    titles = units.line_titles()
    if said:
        if said not in titles.values():
            raise Fault(
                _("条线“%(said)s”无法识别：应为%(known)s。") % {"said": said, "known": "、".join(titles.values())}
            )
        return said
    if kind in OF_NO_LINE:
        return ""
    above = tuple(units.Place(str(place.level), place.name) for place in departments.lineage(division))
    lines, _rest = units.lines_of(units.read(name, above).stem)
    return titles[next(iter(lines))] if len(lines) == 1 else ""


def _fate(number: int, raw: Mapping[str, str], after: dict[str, str], said: Mapping[str, str], here: Here) -> RowFate:
    """A new unit, or what a registered one is given: what the file says of it, and other names beside those it has."""
    code = after["division"].split()[0]
    standing = here.standing.get((code, after["name"]))
    _aliases_free(after, code, standing)
    if standing is None:
        return RowFate(number, raw, "warning" if _lineless(after) else "ok", _told(after), None, after)
    held = [alias.name for alias in standing.aliases.all()]
    lines = units.line_titles()
    before = {
        **after,
        "short_name": standing.short_name,
        "kind": str(standing.get_kind_display()),
        "function": lines.get(standing.function, standing.function),
        "aliases": "、".join(held),
    }
    given = {key: after[key] for key in ("short_name", "kind", "function") if said.get(key) or not before[key]}
    more = [one for one in tables.parts(after["aliases"]) if one not in held]
    return RowFate(number, raw, "ok", [], before, {**before, **given, "aliases": "、".join([*held, *more])})


def _lineless(after: Mapping[str, str]) -> bool:
    return after["kind"] == str(Kind.DEPARTMENT.label) and not after["function"]


def _told(after: Mapping[str, str]) -> list[str]:
    told = _("没有认出条线：可在“条线”列填写；按条线找单位时（如发给生态环境部门）找不到它。")
    return [told] if _lineless(after) else []


def _aliases_free(after: Mapping[str, str], code: str, standing: Department | None) -> None:
    taken = DepartmentAlias.objects.filter(
        name__in=tables.parts(after["aliases"]), department__division__code=code, department__until=None
    ).select_related("department")
    for alias in taken:
        if alias.department != standing:
            raise Fault(
                _("别名“%(alias)s”已是“%(name)s”的别名：请去掉，或先在单位页撤销。")
                % {"alias": alias.name, "name": alias.department.name}
            )


def _apply(rows: Sequence[ImportRow], purpose: Purpose) -> Mapping[str, int]:
    here, by, at = Here.of(purpose.actor), purpose.actor, purpose.at
    known, lines = kinds(), {title: line for line, title in units.line_titles().items()}
    made = 0
    for row in rows:
        after = row.after or {}
        division = here.division(after["division"].split()[0], after["name"], known[after["kind"]])
        short, kind, line = after["short_name"], known[after["kind"]], lines.get(after["function"], after["function"])
        standing = here.standing.get((division.code, after["name"]))
        if standing is None:
            new = places.NewDepartment(after["name"], division, kind, short, line)
            standing = places.create_department(new, by=by, at=at)
            made += 1
        else:
            places.amend_department(standing, short_name=short, kind=kind, function=line, by=by, at=at)
        for alias in tables.parts(after["aliases"]):
            departments.confirm_alias(alias, standing, by=by, at=at)
    return {"new": made, "changed": len(rows) - made}


def template() -> bytes:
    """The empty table."""
    return tables.template(
        _("单位"),
        columns(),
        [_("一行一个单位。已登记的单位不重复登记：补充新的别名，填了的简称、类别和条线以表为准。")],
    )


def _done(_batch: ImportBatch) -> str:
    return reverse("core:departments")


UNITS = add(
    ImportKind(
        name="kit.units",
        title=_l("单位名册"),
        permission=MANAGE,
        read=_read,
        apply=_apply,
        names=TITLES | {"new": _l("新增"), "changed": _l("更正")},
        accepts=(".xlsx", ".xls"),
        hint=_l("一行一个单位，只有全称必填；类别、条线和区划不填的按名称认，预览里看得到。"),
        template_url=lambda given: reverse("kit:staff_template", args=["units"]),
        done_url=_done,
        whole=True,
    )
)

"""The first week of an office: what a new desk needs, how much of it is there, and where the rest is brought in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import calendar
from soildesk.core.pages.people import people_of
from soildesk.core.permissions import Actor, may
from soildesk.core.queries import office
from soildesk.core.services import people
from soildesk.kit.figures import Asked, Desk
from soildesk.kit.services.staff.people import PEOPLE
from soildesk.kit.services.staff.units import UNITS
from soildesk.plans.queries.beginning import OLD_LEDGER, brought


@dataclass(frozen=True)
class Step:
    """One thing a desk begins with. `count`: how many there are, with `rows_url` where they stand; `url`: where more come in."""

    title: str
    what: str
    count: int
    rows_url: str
    act: str
    url: str
    done: bool


@dataclass(frozen=True)
class Stage:
    """Steps of one kind of work."""

    title: str
    steps: list[Step]


def stages(actor: Actor, on: date) -> list[Stage]:
    """What this actor can do to set the desk up; nothing for whoever only uses it."""
    found = [Stage(_("单位和人员"), list(_office(actor, on))), Stage(_("方案和已有台账"), list(_records(actor, on)))]
    return [stage for stage in found if stage.steps]


def _office(actor: Actor, on: date) -> Iterator[Step]:
    if not may(actor, "core.manage_people"):  # an officer may keep departments; setting a desk up is an administrator's
        return
    mine = people_of(actor).filter(is_active=True)
    here = office(actor, mine, on)
    if may(actor, "core.manage_divisions"):
        yield Step(
            _("镇街和村"), _("CSV 文件，从国家统计局区划代码整理。"), here.towns, reverse("core:divisions"),
            _("导入区划"), reverse("core:division_import"), bool(here.towns),
        )  # fmt: skip
    yield Step(
        _("单位"), _("方案里会点到的部门和镇街，连同文件常印的别名。"), here.units, reverse("core:departments"),
        _("导入单位名册"), imported(UNITS.name), here.units > 1,
    )  # fmt: skip
    yield Step(
        _("人员"), _("经办人、签发人、各单位和镇街人员，连同角色。"), here.people, reverse("core:people"),
        _("导入人员名册"), imported(PEOPLE.name), here.with_roles > 1,
    )  # fmt: skip
    left, url = people.without_password(mine).count(), reverse("core:first_passwords")
    told = _("还有 %(count)d 人没有密码，不能登录。") % {"count": left} if left else _("每个账户都有密码。")
    yield Step(_("初始密码"), told, left, url, _("发放初始密码"), url, not left)
    last, calendar_url = calendar.working_calendar().last_published_year, reverse("core:calendar")
    told = _("已公布到 %(year)s 年；以后的日期按周一至周五暂定。") % {"year": last}
    yield Step(_("放假安排"), told, last, calendar_url, _("核对日历"), calendar_url, last >= on.year)


def imported(kind: str) -> str:
    """Where a kind of file is chosen."""
    return reverse("kit:import_new", args=[kind])


@dataclass(frozen=True)
class Source:
    """A register an office brings along: who may, what file it comes in, and where that goes."""

    permission: str
    collection: str
    title: Callable[[], str]
    what: Callable[[], str]
    url: Callable[[], str]


SOURCES = (
    Source(
        "monitoring.keep_points", "points", lambda: _("监测点位"),
        lambda: _("国控、省控、区控点位的表或图形文件。"), lambda: imported("points"),
    ),
    Source(
        "enterprises.keep_lists", "enterprises", lambda: _("重点单位"),
        lambda: _("当年公布的重点单位名录（Excel），连同文号和日期。"), lambda: imported("enterprises.list"),
    ),
    Source(
        "plots.keep", "plots", lambda: _("建设用地地块"),
        lambda: _("从全国污染地块土壤环境管理信息系统导出的表。"), lambda: imported("plots.national"),
    ),
    Source(
        "farmland.keep_units", "farmland_units", lambda: _("农用地单元和类别"),
        lambda: _("类别划分的图形文件（Shapefile、GeoPackage），再导入省级批准的类别。"), lambda: reverse("kit:gis_import"),
    ),
)  # fmt: skip


def _records(actor: Actor, on: date) -> Iterator[Step]:
    if may(actor, "plans.import"):
        plans, ledgers = brought(actor)
        yield Step(
            _("方案"), _("印发的 Word、PDF、Excel、网页或文本：读入，对照原文逐项采纳，再发布。"), plans,
            reverse("plans:list"), _("读入方案"), reverse("plans:intake"), bool(plans),
        )  # fmt: skip
        yield Step(
            _("往年任务台账"), _("上年的 Excel 台账，连同当时的进展。"), ledgers, reverse("kit:imports"),
            _("导入往年台账"), imported(OLD_LEDGER), bool(ledgers),
        )  # fmt: skip
    wanted = [source for source in SOURCES if may(actor, source.permission)]
    asked = {source: Asked(source.title(), source.collection) for source in wanted}
    tiles = Desk(actor, on).counted(list(asked.values()))
    for source in wanted:
        if tile := tiles.get(asked[source]):
            count = tile.count or 0
            yield Step(source.title(), source.what(), count, tile.url, _("导入"), source.url(), bool(count))

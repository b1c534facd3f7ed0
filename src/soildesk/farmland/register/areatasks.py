"""The register of tasks of area with their progress, and of approved rates beside our own."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor
from soildesk.farmland import planentering
from soildesk.farmland.models import ApprovedRate, AreaTask
from soildesk.farmland.mu import to_mu, told
from soildesk.farmland.queries import differences, progress
from soildesk.farmland.queries.differences import Beside
from soildesk.farmland.queries.rates import Place, total
from soildesk.farmland.queries.then import Then
from soildesk.farmland.register import usepages
from soildesk.farmland.services import taskduties
from soildesk.farmland.services.rates import RATES
from soildesk.farmland.services.tasks_of_area import TASKS
from soildesk.farmland.usewords import HOW, method_choices, method_word
from soildesk.kit import cells, register
from soildesk.kit.faces import RecordPage
from soildesk.kit.filters import ChoiceFilter, TextFilter
from soildesk.kit.parts import Act, Chip, Fact
from soildesk.kit.register import Column, PageAct, Register, Row
from soildesk.plots.register.records import stopped
from soilrules.farmland.rates import methods

TASK_KEPT = usepages.keep(usepages.Kept(TASKS, "area_tasks"))
RATE_KEPT = usepages.keep(usepages.Kept(RATES, "approved_rates"))
AGREE = {
    "owes": ("warn", "exclamation-triangle-fill", _l("有差异，待说明")),
    "explained": ("calm", "file-earmark-text", _l("有差异，已说明")),
    "same": ("good", "check-circle-fill", _l("一致")),
    "unknown": ("unknown", "question-octagon", _l("自算没有数值")),
}


def _done(rows: list[Row], actor: Actor, on: date) -> None:
    """What is done of each task of a page."""
    by_year: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_year[row["year"]].append(row)
    for year, each in by_year.items():
        tasks = {
            one.pk: one
            for one in AreaTask.objects.filter(pk__in=[row["pk"] for row in each]).select_related("division")
        }
        found = progress.with_progress(list(tasks.values()), Then(year, on))
        done, stands = {one.task.pk: one for one in found}, taskduties.how(found, on)
        for row in each:
            held = done[row["pk"]]
            row["_done"], row["_percent"] = to_mu(held.done_m2), held.percent
            row["_how"] = stands[row["pk"]]


def task_page(actor: Actor, row: Row, on: date) -> RecordPage:
    """A task: how much of it is done, and what is left."""
    found = AreaTask.objects.select_related("recorded_by", "division", "unit_in_charge").get(pk=row["pk"])
    (one,) = progress.with_progress([found], Then(found.year, on))
    tone, icon, word = HOW[taskduties.how([one], on)[found.pk]]
    rates = reverse("farmland:rate")
    return usepages.page(
        actor, found, TASK_KEPT,
        chips=[Chip(tone, str(word), icon)],  # type: ignore[arg-type]
        facts=[
            Fact(_("任务面积"), told(found.area_m2)),
            Fact(_("已完成"), told(one.done_m2), note=_("由措施台账计算：同一块地只算一次，不超过单元面积")),
            Fact(_("还差"), told(one.left_m2)),
        ],
        related=[(_("安全利用率"), f"{rates}?year={found.year}&division={found.division.code}")],
    )  # fmt: skip


def _label(choices: Any, field: str) -> Any:
    return lambda row: str(choices(row[field]).label) if row[field] else ""


TASK_REGISTER = register.add(
    Register(
        name="farmland.area_tasks",
        collection="area_tasks",
        subject="farmland.areatask",
        title=_l("受污染耕地任务"),
        permission="farmland.read",
        queryset=progress.area_tasks,
        knows_past=True,
        enrich=_done,
        fields=["pk"],
        columns=[
            Column("division", _l("承担地区"), "division__name", sort="division__path", width=10, frozen=True, format=cells.link),
            Column("year", _l("年度"), sort="year", width=5, type="integer"),
            Column("kind", _l("任务"), _label(AreaTask.Kind, "kind"), ["kind"], sort="kind", width=10),
            Column("area_mu", _l("任务面积（亩）"), lambda row: to_mu(row["area_m2"]), ["area_m2"], sort="area_m2", width=8, numeric=True, format=cells.number, type="number"),
            Column("done_mu", _l("已完成（亩）"), lambda row: row.get("_done"), ["pk", "year"], width=8, numeric=True, format=cells.number, type="number"),
            Column("percent", _l("完成（%）"), lambda row: row.get("_percent"), ["pk", "year"], width=6, numeric=True, type="integer"),
            Column("how", _l("办理"), lambda row: row.get("_how"), ["pk", "year"], width=8, format=cells.chip(HOW), export=lambda value, row: str(HOW[value][2]) if value else ""),
            Column("unit_in_charge", _l("责任单位"), "unit_in_charge__name", width=12, format=cells.clamp),
            Column("due", _l("时限"), sort="due", width=8, format=cells.day, type="date"),
            Column("document", _l("下达文号"), width=12, format=cells.clamp),
            Column("note", _l("备注"), width=12, format=cells.clamp, shown=False),
        ],
        filters=[TextFilter("year", _l("年度"), fields=["year"]), ChoiceFilter("kind", _l("任务"), choices=AreaTask.Kind.choices)],
        search=["division__name", "document"],
        default_sort="-year",
        writing=planentering.TASKS,
        record=task_page,
        page_acts=[PageAct(_l("安全利用率"), "farmland:rate", "farmland.read", icon="bullseye")],
        about=_l("任务下达到乡镇和村；有时限的列入责任单位的待办，完成多少由措施台账计算，不用填报，也不会超过单元面积；达到任务面积的当天办结。"),
        empty=_l("还没有任务：逐条下达，或者整表导入。"),
    )
)  # fmt: skip


def _beside(rows: list[Row], actor: Actor, on: date) -> None:
    """Our own rate beside each approved one of a page."""
    held = {
        one.pk: one
        for one in ApprovedRate.objects.filter(pk__in=[row["pk"] for row in rows]).select_related("division")
    }
    for row in rows:
        one = held[row["pk"]]
        found = Beside(one.division, total(actor, Place(one.division.path, Then(one.year, on, row["known_on"]))), one)
        row["_own"], row["_gap"], row["_agree"] = found.own, _gap(found), agreement(found)


def _gap(found: Beside) -> Decimal | None:
    return None if found.other_method else found.gap


def agreement(found: Beside) -> str:
    """How the two stand to each other, by key of AGREE."""
    if found.owes and found.own is None:
        return "unknown"
    if found.owes:
        return "owes"
    return "same" if found.gap == 0 and not found.other_method else "explained"


def rate_page(actor: Actor, row: Row, on: date) -> RecordPage:
    """An approved rate beside our own."""
    found = ApprovedRate.objects.select_related("recorded_by", "division").get(pk=row["pk"])
    beside = Beside(
        found.division, total(actor, Place(found.division.path, Then(found.year, on, row["known_on"]))), found
    )
    tone, icon, word = AGREE[agreement(beside)]
    own = f"{beside.own}%" if beside.own is not None else "—"
    facts = [Fact(_("自算值"), own, doubt=_("核定值按另一种方法核算，不能直接比较") if beside.other_method else "")]
    facts += [Fact(_("相差（百分点）"), beside.gap)] if beside.gap else []
    no = stopped(actor, "farmland.keep_rates", found) or (_("这条记录已经撤销。") if found.superseded_at else "")
    url = f"{reverse('farmland:rate')}?year={found.year}&division={found.division.code}"
    return usepages.page(
        actor, found, RATE_KEPT,
        chips=[Chip(tone, str(word), icon)],  # type: ignore[arg-type]
        facts=facts,
        acts=[Act(_("说明差异"), reverse("farmland:rate_explain", args=[found.uid]), "file-earmark-text", primary=beside.owes, stopped_by=no)],
        related=[(_("逐块核对"), url)],
    )  # fmt: skip


RATE_REGISTER = register.add(
    Register(
        name="farmland.approved_rates",
        collection="approved_rates",
        title=_l("安全利用率核定值"),
        permission="farmland.read",
        queryset=differences.approved_rates,
        knows_past=True,
        enrich=_beside,
        fields=["pk", "known_on"],
        columns=[
            Column("division", _l("地区"), "division__name", sort="division__path", width=10, frozen=True, format=cells.link),
            Column("year", _l("年度"), sort="year", width=5, type="integer"),
            Column("rate", _l("核定值（%）"), sort="rate", width=7, numeric=True, format=cells.number, type="number"),
            Column("own", _l("自算值（%）"), lambda row: row.get("_own"), ["pk"], width=7, numeric=True, format=cells.number, type="number"),
            Column("gap", _l("相差（百分点）"), lambda row: row.get("_gap"), ["pk"], width=7, numeric=True, format=cells.number, type="number"),
            Column("agree", _l("比对"), lambda row: row.get("_agree"), ["pk"], width=10, format=cells.chip(AGREE)),
            Column("number", _l("核定文号"), width=14, format=cells.clamp),
            Column("authority", _l("核定机关"), width=14, format=cells.clamp),
            Column("on", _l("核定日期"), sort="on", width=8, format=cells.day, type="date"),
            Column("explained", _l("差异说明"), width=16, format=cells.clamp),
            Column("method", _l("核算方法"), lambda row: method_word(methods()[row["method"]]) if row["method"] in methods() else "", ["method"], width=10, shown=False),
        ],
        filters=[
            TextFilter("year", _l("年度"), fields=["year"]),
            ChoiceFilter("method", _l("核算方法"), choices=method_choices),
            ChoiceFilter("explained", _l("差异说明"), choices=[("no", _l("没有说明")), ("yes", _l("已说明"))],
                         conditions={"no": Q(explained=""), "yes": ~Q(explained="")}),
        ],
        search=["division__name", "number", "authority"],
        default_sort="-year",
        writing=planentering.RATES,
        record=rate_page,
        page_acts=[PageAct(_l("安全利用率"), "farmland:rate", "farmland.read", icon="bullseye")],
        about=_l("上级核定值和自算值是两个事实，互不覆盖：有差异的要说明。考核表有核定值的用核定值。"),
        empty=_l("还没有核定值：照上级文件登记。"),
    )
)  # fmt: skip

"""The register of plans of use: what they hold, how far they are, what is missing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import audit, audit_words
from soildesk.core.permissions import Actor
from soildesk.enterprises.sentences import how_sure
from soildesk.farmland import planentering
from soildesk.farmland.models import UsePlan
from soildesk.farmland.queries import planned
from soildesk.farmland.queries.then import Then
from soildesk.farmland.queries.units import town
from soildesk.farmland.register import usepages
from soildesk.farmland.services.plans_of_use import PLANS
from soildesk.farmland.usewords import BLOCKS, cited_then, line_word
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import RecordPage
from soildesk.kit.filters import ChoiceFilter, TextFilter
from soildesk.kit.parts import Act, Chip, Event, Fact, Step
from soildesk.kit.register import Column, PageAct, Register, Row
from soildesk.plots.register.records import stopped
from soilrules.farmland.useplans import Block, PlanKind, plan_kinds

KEPT = usepages.keep(usepages.Kept(PLANS, "use_plans", "plan", _l("上传方案")))
SECTION = _l("农用地")
ACTS = (
    "farmland.useplan.approved",
    "farmland.useplan.uploaded",
    "farmland.useplan.worker_named",
    "farmland.useplan.evaluated",
)


def plans(actor: Actor | None, on: date, known_on: datetime | None = None) -> QuerySet[UsePlan]:
    """The plans made by a day."""
    rows = Then(on.year, on, known_on).known(UsePlan.objects.visible_to(actor)).filter(made_on__lte=on)
    return rows.annotate(unit_count=Count("units"), town=town())


def page(actor: Actor, row: Row, on: date) -> RecordPage:
    """A plan: its blocks, its way to approval and upload, who evaluates."""
    found = UsePlan.objects.select_related("recorded_by", "made_by").get(pk=row["pk"])
    kind = plan_kinds()[found.kind]
    missing = kind.missing(planned.filled(found, on))
    return usepages.page(
        actor, found, KEPT,
        chips=_chips(found, kind, missing),
        facts=_facts(found, kind, missing, on),
        life=_life(found, kind),
        acts=_acts(actor, found, kind),
        related=usepages.unit_links(actor, found.units.all()),
        history=_history(found),
    )  # fmt: skip


def _chips(found: UsePlan, kind: PlanKind, missing: tuple[Block, ...]) -> list[Chip]:
    chips = []
    if kind.approved or found.approved_on:
        chips.append(
            Chip("good", _("已批准"), why=str(found.approved_on))
            if found.approved_on
            else Chip("warn", _("待政府批准"))
        )
    if kind.uploaded:
        chips.append(Chip("good", _("已上传"), why=found.receipt) if found.uploaded_on else Chip("warn", _("待上传")))
    if missing:
        why = "、".join(str(BLOCKS[one]) for one in missing)
        chips.append(Chip("bad", _("内容不全"), why=_("缺：%(names)s") % {"names": why}))
    if kind.evaluated and found.evaluated_on is None:
        chips.append(Chip("busy", _("待效果评估")))
    return chips


def _facts(found: UsePlan, kind: PlanKind, missing: tuple[Block, ...], on: date) -> list[Fact]:
    facts = [
        Fact(_("依据"), cited_then(kind.bases, found.made_on, on) or _("没有法律条文要求，按规划和方案制定"), note=how_sure(kind.mark)),
        Fact(_("应由谁编制"), line_word(kind.line)),
    ]  # fmt: skip
    zones = planned.zones_of(found, on)
    for block in kind.blocks:
        said = "、".join(one.name for one in zones) if block is Block.ZONE else getattr(found, str(block))
        doubt = _("这部分没有写：法律要求方案包括这一内容") if block in missing else ""
        facts.append(Fact(str(BLOCKS[block]), said or "—", doubt=doubt))
    if found.worker_code:
        facts.append(Fact(_("实施单位"), found.worker_code))
    if found.evaluator_code:
        facts.append(Fact(_("效果评估单位"), found.evaluator_code, note=str(found.evaluated_on)))
    return facts


def _life(found: UsePlan, kind: PlanKind) -> list[Step]:
    days = [(_("编制"), found.made_on)]
    days += [(_("政府批准"), found.approved_on)] if kind.approved else []
    days += [(_("上传系统"), found.uploaded_on)] if kind.uploaded else []
    days += [(_("效果评估"), found.evaluated_on)] if kind.evaluated else []
    here = next((at for at, (_title, day) in enumerate(days) if day is None), len(days))
    return [
        Step(title, "done" if day else "here" if at == here else "ahead", day) for at, (title, day) in enumerate(days)
    ]


def _acts(actor: Actor, found: UsePlan, kind: PlanKind) -> list[Act]:
    no = stopped(actor, "farmland.plan_use", found) or (_("这条记录已经撤销。") if found.superseded_at else "")
    done = _("已登记批准。") if found.approved_on else ""
    waiting = _("先登记政府批准。") if kind.approved and not found.approved_on else ""
    acts = [
        Act(_("登记批准"), reverse("farmland:plan_approve", args=[found.uid]), "check", primary=kind.approved and not done, stopped_by=no or done),
        Act(_("登记上传"), reverse("farmland:plan_upload", args=[found.uid]), "upload", primary=bool(done) and not found.uploaded_on, stopped_by=no or waiting),
        Act(_("登记实施单位"), reverse("farmland:plan_worker", args=[found.uid]), "people", stopped_by=no),
    ]  # fmt: skip
    if kind.evaluated:
        wait = "" if found.worker_code else _("先登记实施单位：评估单位不能是同一家。")
        url = reverse("farmland:plan_evaluate", args=[found.uid])
        acts.append(Act(_("登记效果评估"), url, "check2-circle", stopped_by=no or wait))
    return acts


def _history(found: UsePlan) -> list[Event]:
    told = []
    for entry, who in audit.told_of(found, *ACTS):
        detail = str(entry.data.get("approval") or entry.data.get("receipt") or entry.data.get("evaluator") or "")
        told.append(Event(entry.at, who, str(audit_words.word_of(entry.act)), detail))
    return told


def _label(choices: Any, field: str) -> Any:
    return lambda row: str(choices(row[field]).label) if row[field] else ""


REGISTER = register.add(
    Register(
        name="farmland.use_plans",
        collection="use_plans",
        subject="farmland.useplan",
        title=_l("受污染耕地方案"),
        permission="farmland.read",
        queryset=plans,
        knows_past=True,
        columns=[
            Column("title", _l("名称"), sort="title", width=22, frozen=True, format=cells.link),
            Column("number", _l("编号"), sort="number", width=14),
            Column("kind", _l("类别"), _label(UsePlan.Kind, "kind"), ["kind"], sort="kind", width=12),
            Column("first_year", _l("起始年度"), sort="first_year", width=6, type="integer"),
            Column("last_year", _l("截止年度"), width=6, type="integer"),
            Column("unit_count", _l("单元"), sort="unit_count", width=5, numeric=True, type="integer"),
            Column("made_by", _l("编制单位"), "made_by__name", width=12, format=cells.clamp),
            Column("made_on", _l("编制日期"), sort="made_on", width=8, format=cells.day, type="date"),
            Column("approved_on", _l("批准日期"), sort="approved_on", width=8, format=cells.day, type="date"),
            Column("approval", _l("批准文号"), width=13, format=cells.clamp),
            Column("approved_by", _l("批准机关"), width=12, format=cells.clamp),
            Column("uploaded_on", _l("上传日期"), width=8, format=cells.day, type="date"),
            Column("receipt", _l("上传回执"), width=10, format=cells.clamp),
            Column("evaluated_on", _l("效果评估日期"), width=8, format=cells.day, type="date", shown=False),
            Column("town", _l("行政区"), width=8),
            Column("note", _l("备注"), width=12, format=cells.clamp, shown=False),
        ],
        filters=[
            ChoiceFilter("kind", _l("类别"), choices=UsePlan.Kind.choices),
            TextFilter("year", _l("起始年度"), fields=["first_year"]),
            ChoiceFilter("state", _l("进展"), choices=[("waiting", _l("待批准")), ("approved", _l("已批准")), ("unsent", _l("已批准，待上传"))],
                         conditions=planned.STATES),
        ],
        search=["number", "title", "approval"],
        default_sort="-made_on",
        writing=planentering.PLANS,
        record=page,
        page_acts=[
            PageAct(_l("面积任务"), "kit:collection", "farmland.read", icon="list-task", args=("area_tasks",)),
            PageAct(_l("定期报告"), "kit:collection", "farmland.read", icon="file-earmark-text", args=("control_reports",)),
            PageAct(_l("专家指导和培训"), "kit:collection", "farmland.read", icon="people", args=("guidance",)),
        ],
        views=[(_l("待批准"), "state=waiting"), (_l("待上传"), "state=unsent")],
        about=_l("方案由农业农村等主管部门编制，报同级人民政府批准后实施并上传；本级不批准方案，只登记批准文件。"),
        empty=_l("还没有方案：新增一份，选择涉及的单元。"),
    )
)  # fmt: skip

navigation.register(SECTION, _l("安全利用和严格管控"), "kit:collection", "farmland.read", order=489, icon="shield-check", args=("use_plans",))  # fmt: skip

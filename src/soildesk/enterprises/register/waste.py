"""The register of results of the assessment of hazardous-waste management: entered from its own system, by Excel or by form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import files
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, NotAllowed, require
from soildesk.enterprises.models import EnterpriseVersion, WasteAssessment
from soildesk.enterprises.queries.firms import called, town
from soildesk.enterprises.refusals import WasteRefused
from soildesk.enterprises.register.enterprises import SECTION, TOWN
from soildesk.enterprises.register.lists import file_part
from soildesk.enterprises.register.records import stopped
from soildesk.enterprises.services import waste
from soildesk.enterprises.services.waste import Result
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import Change, Entry, RecordPage, Writing
from soildesk.kit.filters import ChoiceFilter, TextFilter
from soildesk.kit.parts import Act, Chip, Event, Fact
from soildesk.kit.register import Column, Register, Row
from soilrules.enterprises.hazardous_waste import assessment_rule

Kind, Round, Level = WasteAssessment.Kind, WasteAssessment.Round, WasteAssessment.Level
LEVELS = {
    Level.PASSES: ("good", "check-circle-fill", Level.PASSES.label),
    Level.MOSTLY: ("warn", "dash-circle", Level.MOSTLY.label),
    Level.FAILS: ("bad", "x-circle-fill", Level.FAILS.label),
}
TEXTS = ("round", "body", "level", "veto", "document", "note")


def results(actor: Actor | None, on: date) -> QuerySet[WasteAssessment]:
    """The results that stand, of assessments up to a day, with what the firm is called."""
    newest = EnterpriseVersion.objects.filter(enterprise=OuterRef("enterprise"), superseded_at=None).order_by("-since")
    named = {
        name: Subquery(newest.values(column)[:1]) for name, column in (("firm", "name"), ("credit_code", "credit_code"))
    }
    rows = WasteAssessment.objects.visible_to(actor).filter(superseded_at=None, on__lte=on)
    return rows.annotate(town=town(), **named)


def _told(actor: Actor, change: Change) -> tuple[EnterpriseVersion, Result]:
    """The firm by number, code or name, and its result."""
    said = change.values
    found = called(actor, str(said.get("firm") or ""), actor.today)
    if len(found) != 1:
        raise WasteRefused(
            _("没有找到企业“%(text)s”，或不止一家：请填写已登记企业的编号、统一社会信用代码或全称。")
            % {"text": said.get("firm")},
            code="enterprises.waste.no_firm",
        )
    texts = {name: str(said[name]).strip() for name in TEXTS if said.get(name)}
    return found[0], Result(int(said["year"]), said["kind"], said["on"], score=said.get("score"), **texts)


def add(actor: Actor, change: Change, at: datetime) -> str:
    """Write one down; its key."""
    firm, told = _told(actor, change)
    return str(waste.record(firm, told, by=actor, at=at, batch=change.batch).uid)


def guard(actor: Actor, change: Change, row: Mapping[str, Any] | None) -> Sequence[str]:
    """What would be refused."""
    try:
        firm, told = _told(actor, change)
        require(actor, "enterprises.record", firm)
        waste.check(firm, told, by=actor)
    except (Refusal, NotAllowed) as refusal:
        return [str(refusal)]
    return []


def page(actor: Actor, row: Row, on: date) -> RecordPage:
    """A result: what it says, where it stands written, how sure the reading of its points is."""
    found = WasteAssessment.objects.select_related("enterprise", "recorded_by").get(pk=row["pk"])
    tone, icon, label = LEVELS[Level(found.level)]
    rule = assessment_rule()
    keeping = stopped(actor, "enterprises.record", found)
    by = found.recorded_by.name if found.recorded_by else ""
    reading = _("%(passes)d 分以上为达标，%(mostly)d 分以上为基本达标") % {
        "passes": rule.whole("passes"), "mostly": rule.whole("mostly"),
    }  # fmt: skip
    beside = WasteAssessment.objects.visible_to(actor).filter(enterprise=found.enterprise_id, superseded_at=None)
    listed = reverse("kit:collection", args=["waste_assessments"])
    return RecordPage(
        chips=[Chip(tone, str(label), icon=icon, why=found.veto)],  # type: ignore[arg-type]
        facts=[Fact(_("得分的读法"), reading, note=_("分值取自公开程序，请核对通知附件"))] if found.score is not None else [],
        acts=[
            Act(_("上传文件"), reverse("enterprises:waste_file", args=[found.uid]), "paperclip", stopped_by=keeping),
            Act(_("撤销"), reverse("enterprises:waste_back", args=[found.uid]), "slash-circle", danger=True, stopped_by=keeping),
        ],
        files=[file_part(use) for use in files.uses_of(found)],
        history=[Event(found.recorded_at, by, _("登记评估结果"), found.document)],
        related=[
            (_("企业"), reverse("kit:record", args=["enterprises", str(found.enterprise.uid)])),
            (_("本企业历次评估（%(n)d 条）") % {"n": beside.count()}, f"{listed}?q={found.enterprise.number}"),
        ],
    )  # fmt: skip


def _label(choices: Any) -> Any:
    return lambda value, row: str(choices(value).label) if value else ""


def _word(field: str, choices: Any) -> Any:
    return lambda row: str(choices(row[field]).label)


RESULTS = register.add(
    Register(
        name="enterprises.waste_assessments",
        collection="waste_assessments",
        subject="enterprises.wasteassessment",
        title=_l("危废规范化评估"),
        permission="enterprises.read",
        queryset=results,
        key="uid",
        row_url=lambda row: reverse("kit:record", args=["waste_assessments", str(row["uid"])]),
        columns=[
            Column("firm", _l("单位"), sort="firm", width=17, frozen=True, format=cells.link),
            Column("credit_code", _l("统一社会信用代码"), width=15),
            Column("year", _l("年度"), sort="year", width=5, type="integer"),
            Column("kind", _l("类别"), _word("kind", Kind), ["kind"], sort="kind", width=7),
            Column("round", _l("方式"), _word("round", Round), ["round"], sort="round", width=7),
            Column("score", _l("得分"), sort="score", width=5, numeric=True, format=cells.number, type="integer"),
            Column("level", _l("结果"), sort="level", width=8, format=cells.chip(LEVELS), export=_label(Level)),
            Column("veto", _l("否决情形"), width=14, format=cells.clamp),
            Column("body", _l("评估单位"), width=12, format=cells.clamp),
            Column("on", _l("评估日期"), sort="on", width=8, format=cells.day, type="date"),
            Column("town", _l("乡镇（街道）"), width=8),
            Column("number", _l("企业编号"), "enterprise__number", width=14, shown=False),
            Column("document", _l("依据文件"), width=14, format=cells.clamp),
            Column("note", _l("备注"), width=14, format=cells.clamp, shown=False),
        ],
        filters=[
            TextFilter("year", _l("年度"), fields=["year"]),
            ChoiceFilter("kind", _l("类别"), choices=Kind.choices),
            ChoiceFilter("round", _l("方式"), choices=Round.choices),
            ChoiceFilter("level", _l("结果"), choices=Level.choices),
            TOWN,
        ],
        search=["firm", "credit_code", "enterprise__number", "body"],
        default_sort="-on",
        writing=Writing(
            entries=[
                Entry("firm", _l("单位"), required=True, names=["企业", "单位名称", "企业名称", "被评估单位", "统一社会信用代码"], longest=160,
                      note=_l("已登记企业的编号、统一社会信用代码或全称。"), example=_l("青禾电镀有限公司")),
                Entry("year", _l("年度"), "integer", required=True, names=["评估年度"], example="2026"),
                Entry("kind", _l("类别"), "choice", required=True, choices=Kind.choices, names=["单位类别", "单位类型"],
                      note=_l("既产废又经营的单位，两类各登记一条。")),
                Entry("round", _l("方式"), "choice", choices=Round.choices, names=["评估方式"],
                      note=_l("不填则为全面评估；上级机关抽查的选“抽查”。")),
                Entry("body", _l("评估单位"), longest=120, names=["抽查单位", "评估机关"], note=_l("抽查必填：由哪个机关抽查。"),
                      example=_l("云泽市生态环境局")),
                Entry("on", _l("评估日期"), "date", required=True, names=["抽查日期", "评估时间"]),
                Entry("score", _l("得分"), "integer", names=["评估得分", "总分", "分数"], unit=_l("分"), note=_l("0 至 60 分；只有等级没有得分的留空。")),
                Entry("level", _l("结果"), "choice", choices=Level.choices, names=["评估结果", "评估等级", "达标情况"],
                      note=_l("照评估系统填写；不填则由得分判定。")),
                Entry("veto", _l("否决情形"), longest=200, names=["否决项"], note=_l("一票否决的项目或较大以上污染事故；没有就留空。")),
                Entry("document", _l("依据文件"), longest=200, names=["文号", "依据"], note=_l("评估表编号或通报文号。")),
                Entry("note", _l("备注"), longest=300),
            ],
            permission="enterprises.record",
            add=add,
            guard=guard,
            match=(),
            dated=False,
        ),
        record=page,
        about=_l("评估在其自己的系统里进行，这里登记结果：每家单位每年、产废和经营两类分别登记，全面评估和抽查分开。登错了撤销后重新登记。"),
        empty=_l("还没有评估结果：下载模板，从评估系统导出后整表导入，或逐条登记。"),
    )
)  # fmt: skip

navigation.register(
    SECTION, _l("危废规范化评估"), "kit:collection", "enterprises.read", order=338, icon="shield-check", args=("waste_assessments",)
)  # fmt: skip

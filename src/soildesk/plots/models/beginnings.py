"""Where suspicion comes from, and the written notices that follow."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.geometry import GeometryField, SpatialIndex
from soildesk.core.models import OfPlace, ScopedModel
from soildesk.plots.models.plots import Plot


class Candidate(OfPlace, ScopedModel):
    """Ground that may have to become a plot: fed by a list or another room, confirmed or dismissed by a person.

    `origin` names the record it came from: one record, one candidate. `matches` are plots and sites it may already be,
    each with its score and the parts of it (code, name, space).
    """

    class Source(models.TextChoices):
        CLOSED = "closed", _("关闭搬迁企业名单")
        PERMIT = "permit", _("许可证注销、撤销")
        INDUSTRY = "industry", _("重点行业历史用地")
        RECALL = "recall", _("土地收回收储")
        COMPLAINT = "complaint", _("信访举报")
        WARNING = "warning", _("监测预警")
        IMAGERY = "imagery", _("遥感图斑")
        NATIONAL = "national", _("全国系统导出")
        OTHER = "other", _("其他")

    class State(models.TextChoices):
        OPEN = "open", _("待核实")
        CONFIRMED = "confirmed", _("已立为地块")
        LINKED = "linked", _("已是地块")
        DISMISSED = "dismissed", _("不列为疑似")

    source = models.CharField(_("来源"), max_length=12, choices=Source)
    origin = models.CharField(max_length=160, unique=True)
    title = models.CharField(_("名称"), max_length=160)
    firm_name = models.CharField(_("企业名称"), max_length=160, blank=True)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    industry = models.CharField(_("行业代码"), max_length=8, blank=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    products = models.CharField(_("产品"), max_length=200, blank=True)
    found_on = models.DateField(_("来源日期"))  # closed, cancelled, recalled, photographed on
    facts = models.JSONField(default=dict)
    matches = models.JSONField(default=list)
    geometry = GeometryField(_("范围"), kind="Geometry", null=True, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.OPEN)
    plot = models.ForeignKey(Plot, models.PROTECT, null=True, blank=True, related_name="candidates")
    why = models.CharField(_("理由"), max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    decided_by = models.ForeignKey("core.Person", models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    batch = models.ForeignKey("kit.ImportBatch", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-found_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="candidate_dismissed_with_a_reason", condition=~Q(state="dismissed") | ~Q(why="")
            ),
        ]
        indexes = [
            SpatialIndex("geometry", name="candidate_geometry"),
            models.Index(name="candidate_open", fields=["state", "source"]),
        ]

    def __str__(self) -> str:
        return self.title


class WrittenNotice(OfPlace, ScopedModel):
    """A written notice 书面通知 to the holder of a plot: what it asks, when it was received, by when it must be done.

    The term runs from receipt; `due` is empty where the rules in force give none (`term_note` says why). A person moves
    no date here: a wrong notice is withdrawn with a reason and served anew.
    """

    class Kind(models.TextChoices):
        PRELIMINARY = "preliminary", _("开展初步调查")
        DETAILED = "detailed", _("开展详细调查与风险评估")
        CONTROL = "control", _("实施风险管控")
        REMEDIATION = "remediation", _("实施修复")
        STOP = "stop", _("立即停止开工建设")

    plot = models.ForeignKey(Plot, models.PROTECT, related_name="written")
    kind = models.CharField(_("事项"), max_length=12, choices=Kind)
    number = models.CharField(_("文号"), max_length=120)
    recipient = models.CharField(_("送达对象"), max_length=160)
    sent_on = models.DateField(_("发出日期"))
    received_on = models.DateField(_("送达日期"), null=True, blank=True)
    term = models.CharField(max_length=60, blank=True)  # id of the rule of soilrules.plots.deadlines
    term_note = models.CharField(_("时限说明"), max_length=300, blank=True)
    due = models.DateField(_("完成时限"), null=True, blank=True)
    basis = models.CharField(_("依据"), max_length=300, blank=True)
    done_on = models.DateField(_("完成日期"), null=True, blank=True)
    withdrawn_why = models.CharField(_("撤回原因"), max_length=300, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-sent_on", "-id"]
        constraints = [models.UniqueConstraint(name="written_notice_once", fields=["division_path", "number"])]

    def __str__(self) -> str:
        return self.number

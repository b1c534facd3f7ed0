"""Questions put to the gate, and what was answered: written once, never changed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.geometry import GeometryField, SpatialIndex
from soildesk.core.models import OfPlace, ScopedModel, Version
from soildesk.decisions.models.written_once import WrittenOnce


class GateBatch(OfPlace, ScopedModel):
    """One layer asked about in one go: a supply plan, a planning layer. The workbook of its answers is attached."""

    class State(models.TextChoices):
        RUNNING = "running", _("核查中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("未完成")

    number = models.CharField(_("编号"), max_length=40, unique=True)
    title = models.CharField(_("名称"), max_length=160)
    act = models.CharField(_("事项"), max_length=40)
    on = models.DateField(_("核查日"))
    counts = models.JSONField(default=dict)  # decision → how many
    refused = models.JSONField(default=list)  # rows that could not be asked: row, project, code, why
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.RUNNING)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-asked_at", "-id"]

    def __str__(self) -> str:
        return self.title


class GateQuery(OfPlace, WrittenOnce):
    """One question to the gate and its answer, immutable: number, day, asker, ground, what every source said, the checks.

    `checks` are the answers of soilrules.gate with their Chinese sentences as they were printed; `facts` the facts they
    were given. `on_behalf_of`: a clerk ran it for an office without an account. A disagreement is a new query that names
    the one it `follows` and its ground. Certificates are verified by `token`, never by number. `request` names what a
    program sent under a key of its own, so that the same sent again is no second question.
    """

    class Decision(models.TextChoices):
        PASS = "pass", _("未发现限制")
        CONDITIONS = "conditions", _("附条件")
        BLOCKED = "blocked", _("禁止")
        CANNOT_SAY = "cannot_say", _("无法判断")

    number = models.CharField(_("编号"), max_length=40, unique=True)
    token = models.CharField(max_length=64, unique=True)
    act = models.CharField(_("事项"), max_length=40)
    use = models.CharField(_("用途代码"), max_length=80, blank=True)
    use_scheme = models.CharField(_("用地分类标准"), max_length=20, blank=True)
    on = models.DateField(_("核查日"), db_index=True)
    project = models.CharField(_("项目（地块）名称"), max_length=160, blank=True)
    parcel_code = models.CharField(_("宗地代码"), max_length=80, blank=True)
    document = models.CharField(_("来文文号"), max_length=120, blank=True)
    on_behalf_of = models.CharField(_("代何单位查询"), max_length=160, blank=True)
    area_m2 = models.FloatField(_("计算面积"))
    facts = models.JSONField()
    checks = models.JSONField()
    decision = models.CharField(_("结论"), max_length=10, choices=Decision)
    rule_set = models.CharField(max_length=64)
    tolerance_m2 = models.FloatField()
    follows = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followed_by")
    follows_why = models.CharField(_("重新核查的理由"), max_length=300, blank=True)
    batch = models.ForeignKey(GateBatch, models.PROTECT, null=True, blank=True, related_name="queries")
    row = models.PositiveIntegerField(null=True, blank=True)
    request = models.CharField(max_length=64, blank=True)
    geometry = GeometryField(_("范围"), kind="MultiPolygon")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(name="gate_follows_with_a_reason", condition=Q(follows=None) | ~Q(follows_why="")),
            models.UniqueConstraint(name="gate_request_once", fields=["asked_by", "request"], condition=~Q(request="")),
        ]
        indexes = [SpatialIndex("geometry", name="gatequery_geometry")]

    def __str__(self) -> str:
        return self.number


class ProvinceQuery(OfPlace, WrittenOnce):
    """What the national system said of a ground: asked there by a person on a day, result and screenshot. Only added.

    `result` is in its words; what the rules compare with the records here stands beside it. `restricted` is null where
    the system does not hold the ground.
    """

    query = models.ForeignKey(GateQuery, models.PROTECT, related_name="province")
    asked_on = models.DateField(_("查询日期"))
    person = models.CharField(_("查询人"), max_length=60)
    found = models.BooleanField(_("系统中有该地块"))
    stage = models.CharField(_("系统显示的阶段"), max_length=8, blank=True)
    lists = models.JSONField(_("系统显示的名单、名录"), default=list, blank=True)
    restricted = models.BooleanField(_("系统显示有限制"), null=True)
    result = models.CharField(_("查询结果"), max_length=500)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-asked_on", "-id"]


class GateGround(OfPlace, WrittenOnce):
    """The written ground on which a condition (原则上, 不宜) is passed: a named person, a document. Only added."""

    query = models.ForeignKey(GateQuery, models.PROTECT, related_name="grounds")
    check_id = models.CharField(max_length=60)
    person = models.CharField(_("决定人"), max_length=60)
    ground = models.CharField(_("理由"), max_length=1000)
    document = models.CharField(_("文号"), max_length=120)
    on = models.DateField(_("日期"))
    at = models.DateTimeField()
    by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["at", "id"]


class OpinionRequest(OfPlace, ScopedModel):
    """The ecology bureau's written opinion 书面意见 asked for a query: routed, due, answered with a document, or returned."""

    class State(models.TextChoices):
        ASKED = "asked", _("待答复")
        ANSWERED = "answered", _("已答复")
        RETURNED = "returned", _("退回补正")

    query = models.ForeignKey(GateQuery, models.PROTECT, related_name="opinions")
    incoming = models.CharField(_("来函文号"), max_length=120, blank=True)
    asked_on = models.DateField(_("来函日期"))
    asked_from = models.ForeignKey("core.Department", models.PROTECT, null=True, blank=True, related_name="+")
    asked_of = models.ForeignKey("core.Department", models.PROTECT, related_name="+")
    due = models.DateField(_("答复时限"), null=True, blank=True)
    due_note = models.CharField(_("时限说明"), max_length=200, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.ASKED)
    answer = models.CharField(_("答复意见"), max_length=2000, blank=True)
    outgoing = models.CharField(_("复函文号"), max_length=120, blank=True)
    answered_on = models.DateField(_("复函日期"), null=True, blank=True)
    returned_why = models.CharField(_("退回原因"), max_length=500, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-asked_on", "-id"]


class LocalRules(OfPlace, WrittenOnce):
    """Local rules an office entered from a workbook, which is attached: `data` is what soilrules.gate reads. Never changed:
    a correction is another; what was adopted before keeps the one it names by its uid."""

    title = models.CharField(_("文件名称"), max_length=200)
    number = models.CharField(_("文号"), max_length=120)
    data = models.JSONField()
    import_uid = models.UUIDField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-recorded_at", "-id"]

    def __str__(self) -> str:
        return self.title


class LocalProfile(OfPlace, Version):
    """Which local rules 属地规则 hold for a division in a period: adopted by a person, with the document.

    `profile` names shipped ones by their division, those entered here by their uid. `checked_on`: the day they were held
    against the text when they were adopted.
    """

    identity = "division_path"

    profile = models.CharField(_("属地规则"), max_length=40)
    document = models.CharField(_("依据文号"), max_length=120)
    checked_on = models.DateField(_("采用时核对日期"))

    class Meta(Version.Meta):
        constraints = [
            *Version.Meta.constraints,
            models.UniqueConstraint(
                name="local_profile_one_open",
                fields=["division_path"],
                condition=Q(superseded_at__isnull=True, until__isnull=True),
            ),
        ]

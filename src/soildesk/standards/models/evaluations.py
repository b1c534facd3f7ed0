"""Tables judged by the standards: trials, which their maker may change, and evaluations, which are kept as they were."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from soildesk.core.models import ScopedModel
from soildesk.standards.models.risk import Unchanging


class Trial(ScopedModel):
    """A table somebody had judged and has not kept. Seen by its maker alone; judged anew when a choice changes.

    Its files stand in `core.files`: the table under `source`, the judged rows under `judged`.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("正在判定")
        READY = "ready", _("已判定，未保存")
        REFUSED = "refused", _("没有读成")
        KEPT = "kept", _("已保存")

    division = models.ForeignKey("core.Division", models.PROTECT, related_name="+", verbose_name=_("行政区划"))
    file_name = models.CharField(_("文件"), max_length=200)
    sha256 = models.CharField(max_length=64)
    choices = models.JSONField()  # soildesk.standards.choices
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)
    refusal = models.JSONField(default=dict)  # {"zh": …, "en": …}
    result = models.JSONField(default=dict)  # {"zh": summary, "en": summary}
    result_sha256 = models.CharField(max_length=64, blank=True)
    job = models.UUIDField(null=True, blank=True)
    first = models.ForeignKey("standards.Evaluation", models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey("core.Person", models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.file_name


class Evaluation(Unchanging):
    """A judgement that was kept: the table, the choices, every verdict and what it rests on. Never edited.

    Judged anew, it is a new row that names the `first`. The judged rows stand in a file under `judged` whose
    fingerprint is kept here.
    """

    division = models.ForeignKey("core.Division", models.PROTECT, related_name="+", verbose_name=_("行政区划"))
    title = models.CharField(_("名称"), max_length=120)
    file_name = models.CharField(_("文件"), max_length=200)
    sha256 = models.CharField(max_length=64, db_index=True)
    choices = models.JSONField()
    result = models.JSONField()  # {"zh": summary, "en": summary}
    result_sha256 = models.CharField(max_length=64)
    standards = models.JSONField()  # printed names of the editions used
    standard = models.CharField(_("执行标准"), max_length=200)  # the same, for reading and sorting
    day = models.DateField(_("判定日期"))
    version = models.CharField(max_length=30)  # of soilrules
    fingerprint = models.CharField(max_length=16)  # of the tables
    rows = models.PositiveIntegerField(_("结果数"))
    samples = models.PositiveIntegerField(_("样品数"))
    meets = models.PositiveIntegerField(_("未超标"))
    exceeds_screening = models.PositiveIntegerField(_("超筛选值"))
    exceeds_control = models.PositiveIntegerField(_("超管制值"))
    exceeds = models.PositiveIntegerField(_("超标"))
    unknown = models.PositiveIntegerField(_("无法判断"))
    from_knowledge = models.PositiveIntegerField(_("限值待核对"))  # verdicts that rest on a limit from knowledge
    first = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="later")
    by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.title

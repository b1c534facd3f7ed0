"""Reports made from records: what they said on their day, who signed, where they went, the receipt."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.models import Division, ScopedModel


class BlankForm(ScopedModel):
    """One version of a superior's blank form with its cells mapped to fields; the file is an attachment.

    `layout` is what the file was read as; `mapping` {cell: field}; `lists` [{sheet, first_row, last_row, table, columns}].
    """

    name = models.CharField(_("名称"), max_length=120)
    receiver = models.CharField(_("下发单位"), max_length=120, blank=True)
    version = models.PositiveIntegerField(_("版本"))
    layout = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    lists = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    mapped_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "-version"]
        constraints = [
            models.UniqueConstraint(name="blank_version_once", fields=["owner_department", "name", "version"]),
            models.UniqueConstraint(
                name="blank_one_in_force", fields=["owner_department", "name"], condition=Q(retired_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class ReportCopy(ScopedModel):
    """One report: its snapshot with hash, and its way. After signing neither snapshot nor digest changes.

    `kind` is a form of the desk, or empty for a filled blank form. `on` is the day its figures speak of, `known_on` the day
    as of which the records were known.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        SIGNED = "signed", _("已签发")
        SENT = "sent", _("已报送")
        RECEIVED = "received", _("已有回执")

    number = models.CharField(_("编号"), max_length=40, unique=True)
    kind = models.CharField(max_length=40, blank=True)
    blank_form = models.ForeignKey(BlankForm, models.PROTECT, null=True, blank=True, related_name="copies")
    due = models.ForeignKey("reporting.ReportDue", models.PROTECT, null=True, blank=True, related_name="copies")
    template = models.ForeignKey("kit.LetterTemplate", models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(_("标题"), max_length=200)
    place = models.ForeignKey(Division, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("年度"))
    period = models.CharField(_("期次"), max_length=20)
    on = models.DateField(_("数据截至"))
    known_on = models.DateField(_("按何日已知的记录"))
    snapshot = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    gaps = models.PositiveIntegerField(_("未填项"), default=0)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    made_at = models.DateTimeField(_("生成时间"))
    made_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(_("签发时间"), null=True, blank=True)
    signed_by = models.ForeignKey("core.Person", models.PROTECT, null=True, blank=True, related_name="+")
    document = models.CharField(_("文号"), max_length=80, blank=True)
    sent_on = models.DateField(_("报送日期"), null=True, blank=True)
    sent_to = models.CharField(_("报送对象"), max_length=160, blank=True)
    sent_by = models.ForeignKey("core.Person", models.PROTECT, null=True, blank=True, related_name="+")
    receipt = models.CharField(_("回执编号"), max_length=80, blank=True)
    receipt_on = models.DateField(_("回执日期"), null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="report_signed_has_a_moment", condition=Q(state="draft") | Q(signed_at__isnull=False)
            ),
            models.CheckConstraint(
                name="report_sent_has_a_day", condition=Q(state__in=("draft", "signed")) | Q(sent_on__isnull=False)
            ),
            models.CheckConstraint(
                name="report_received_has_a_number", condition=~Q(state="received") | ~Q(receipt="")
            ),
            models.CheckConstraint(name="report_of_a_form", condition=~Q(kind="") | Q(blank_form__isnull=False)),
        ]
        indexes = [models.Index(name="report_copy_year", fields=["year", "kind"])]

    def __str__(self) -> str:
        return self.number

"""Letters of supervision 函件: drafted from open matters, fixed when signed, answered by the units they are addressed to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.models import Department, Person, ScopedModel, ScopedQuerySet
from soilrules.supervision.authorities import Act

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor


class LetterQuerySet(ScopedQuerySet):
    """Reads of letters."""

    def visible_to(self, actor: Actor | None) -> Self:
        """Letters within reach; a draft is seen by the office that writes it alone."""
        rows = super().visible_to(actor)
        if actor is None or actor.system:
            return rows
        own = actor.person.department_id if actor.person else None
        return rows.exclude(Q(state=Letter.State.DRAFT) & ~Q(owner_department_id=own))


class Letter(ScopedModel):
    """One letter by which an office supervises, or proposes an act that is another body's (`request`).

    `items` are the matters it speaks of: [{"text", "unit", "unit_name", "due", "basis", "url"}]; `tables` what stands
    beside them: [{"title", "columns", "rows"}]. When signed, `content` and `text` are what was said and `digest` their
    hash; none of them changes any more. `source_*` name the record it was drafted from.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        SIGNED = "signed", _("已签发")
        SENT = "sent", _("已发出")
        ANSWERED = "answered", _("已答复")
        CLOSED = "closed", _("已办结")
        VOID = "void", _("已作废")

    ACTS = (
        (Act.REMINDER.value, _("提醒函")),
        (Act.ASSIGN.value, _("交办通知")),
        (Act.SUPERVISE.value, _("督办函")),
        (Act.CIRCULAR.value, _("通报")),
        (Act.TALK.value, _("约谈通知")),
        (Act.LIMIT.value, _("区域限批")),
    )

    act = models.CharField(_("种类"), max_length=10, choices=ACTS)
    request = models.BooleanField(_("提请"), default=False)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    number = models.CharField(_("文号"), max_length=60, blank=True)
    title = models.CharField(_("标题"), max_length=200)
    lead = models.TextField(_("正文"), blank=True)
    items = models.JSONField(default=list)
    tables = models.JSONField(default=list)
    ending = models.TextField(_("要求"), blank=True)
    answer_by = models.DateField(_("答复时限"), null=True, blank=True)
    talk_on = models.DateField(_("约谈日期"), null=True, blank=True)
    talk_where = models.CharField(_("约谈地点"), max_length=120, blank=True)
    source_type = models.CharField(max_length=60, blank=True)
    source_id = models.BigIntegerField(null=True, blank=True)
    source_title = models.CharField(_("起草自"), max_length=300, blank=True)
    content = models.JSONField(default=dict)
    text = models.TextField(blank=True)
    digest = models.CharField(max_length=64, blank=True)
    template = models.ForeignKey("kit.LetterTemplate", models.PROTECT, null=True, blank=True, related_name="+")
    plan = models.OneToOneField("plans.Plan", models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(_("起草时间"))
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(_("签发时间"), null=True, blank=True)
    signed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    sent_on = models.DateField(_("发出日期"), null=True, blank=True)
    sent_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    agreed = models.BooleanField(_("同意"), null=True, blank=True)
    reply_document = models.CharField(_("批复文号"), max_length=120, blank=True)
    reply_on = models.DateField(_("批复日期"), null=True, blank=True)
    reply = models.CharField(_("批复意见"), max_length=500, blank=True)
    closed_on = models.DateField(_("办结日期"), null=True, blank=True)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    closed_why = models.CharField(_("办结说明"), max_length=300, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="letter_number_once", fields=["owner_department", "number"], condition=~Q(number="")
            ),
            models.CheckConstraint(
                name="letter_signed_is_fixed",
                condition=Q(state="draft") | Q(signed_at__isnull=False) & ~Q(digest="") & ~Q(number=""),
            ),
            models.CheckConstraint(
                name="letter_sent_has_a_day",
                condition=Q(state__in=("draft", "signed", "void")) | Q(sent_on__isnull=False),
            ),
            models.CheckConstraint(
                name="letter_answer_of_a_body_by_its_number", condition=Q(agreed=None) | ~Q(reply_document="")
            ),
        ]
        indexes = [models.Index(name="letter_source", fields=["source_type", "source_id"])]

    def __str__(self) -> str:
        return self.number or self.title

    @property
    def is_open(self) -> bool:
        """Whether units may still receive and answer it."""
        return self.state in (self.State.SENT, self.State.ANSWERED)

    @classmethod
    def scope_for_department(cls, grant: Any) -> Q:
        """A department sees what it wrote, and what was sent to it."""
        sent = LetterUnit.objects.filter(department_id=grant.department_id, letter__sent_on__isnull=False)
        return Q(owner_department_id=grant.department_id) | Q(pk__in=sent.values("letter_id"))


class LetterUnit(models.Model):
    """A department a letter is addressed to, or copied to, and what came back from it."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="units")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    copied = models.BooleanField(_("抄送"), default=False)
    received_at = models.DateTimeField(_("签收时间"), null=True, blank=True)
    received_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    answered_on = models.DateField(_("答复日期"), null=True, blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    answer = models.CharField(_("答复"), max_length=1000, blank=True)

    class Meta:
        ordering = ["copied", "id"]
        constraints = [models.UniqueConstraint(name="letter_unit_once", fields=["letter", "department"])]

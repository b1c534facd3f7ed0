"""Plans, what they aim at, and where they disagree with themselves."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from soildesk.core import clock
from soildesk.core.models import RoleGrant, ScopedModel, ScopedQuerySet

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor

OF_DEPARTMENT = (RoleGrant.Role.DEPARTMENT, RoleGrant.Role.TOWN)
OFFICE_ROLES = (RoleGrant.Role.OFFICER, RoleGrant.Role.ISSUER, RoleGrant.Role.AUDITOR)


def readable_plans(actor: Actor) -> Q:
    """Which plans an actor may read.

    The office (officer, issuer, auditor) reads every plan of its divisions, drafts included. Everybody
    else reads published plans of the own division and of those above it: a superior's plan binds below. An order or
    minutes are read by the departments that have a task in them.
    An office grant that names a department reads that department's drafts. Administrators read none.
    """
    if actor.system:
        return Q()
    condition = Q(pk__in=[])
    for grant in actor.grants:
        if grant.role == RoleGrant.Role.ADMIN:
            continue
        path = grant.division.path
        parts = path.rstrip("/").split("/")
        above = ["/".join(parts[: i + 1]) + "/" for i in range(len(parts))]
        inside, upper = Q(division_path__startswith=path), Q(division_path__in=above)
        if grant.role in OF_DEPARTMENT:
            inside, upper = (rows & addressed(grant) for rows in (inside, upper))
        condition |= upper & ~Q(stage=Plan.Stage.REVIEW)
        if grant.role not in OFFICE_ROLES:
            inside &= ~Q(stage=Plan.Stage.REVIEW)
        elif grant.department_id:
            inside &= ~Q(stage=Plan.Stage.REVIEW) | Q(owner_department_id=grant.department_id)
        condition |= inside
    return condition


def addressed(grant: RoleGrant) -> Q:
    """Plans, which everybody reads; of orders and minutes those of the grant's department."""
    at_work = models.Q(tasks__assignments__department_id=grant.department_id)
    named = Plan.objects.filter(at_work).exclude(kind=Plan.Kind.PLAN).values("pk")
    return Q(kind=Plan.Kind.PLAN) | Q(owner_department_id=grant.department_id) | Q(pk__in=named)


class PlanQuerySet(ScopedQuerySet):
    """Reads of plans."""

    def visible_to(self, actor: Actor) -> Self:
        """Plans the actor may read, see `readable_plans`."""
        return self.filter(readable_plans(actor))

    def counted(self) -> Self:
        """Plans that went out, each in one edition: what a newer edition replaced says the same again and counts no more."""
        return self.exclude(stage__in=[Plan.Stage.REVIEW, Plan.Stage.SUPERSEDED])

    def owing_on(self, day: date) -> Self:
        """Plans whose tasks are owed on `day`: from their first day until they are closed or replaced, however long after
        their period. A plan published when its period was over never owed anything, see `Plan.published_late`."""
        closed_later = Q(stage=Plan.Stage.CLOSED, closed_at__date__gt=day)
        in_time = Q(published_at__isnull=True) | Q(published_at__date__lte=F("period_end"))
        over = Q(period_end__lt=day)
        return self.filter(
            Q(stage=Plan.Stage.PUBLISHED) | closed_later,
            ~over | in_time,
            Q(period_start__isnull=True) | Q(period_start__lte=day),
        )


class Plan(ScopedModel):
    """One plan of one issuing body, or an order or minutes whose tasks are worked on in the same way. Not live before
    a person has accepted and published it."""

    class Stage(models.TextChoices):
        REVIEW = "review", _("待审核")
        PUBLISHED = "published", _("已发布")
        SUPERSEDED = "superseded", _("已被新方案替代")
        CLOSED = "closed", _("历史")

    class Phase(models.TextChoices):
        REVIEW = "review", _("待审核")
        NOT_BEGUN = "not_begun", _("未到执行期")
        IN_FORCE = "in_force", _("执行期内")
        TO_CLOSE = "to_close", _("到期待总结")
        SUPERSEDED = "superseded", _("已被新方案替代")
        ABOLISHED = "abolished", _("已废止")
        HISTORY = "history", _("历史")

    class Kind(models.TextChoices):
        PLAN = "plan", _("方案")
        ORDER = "order", _("交办单")
        MINUTES = "minutes", _("会议纪要")

    kind = models.CharField(_("文件类型"), max_length=8, choices=Kind, default=Kind.PLAN)
    document = models.ForeignKey("plans.PlanDocument", models.PROTECT, null=True, related_name="plans")
    division = models.ForeignKey("core.Division", models.PROTECT, related_name="+")
    title = models.CharField(_("名称"), max_length=200)
    issuer = models.CharField(_("发文机关"), max_length=400, blank=True)
    doc_number = models.CharField(_("文号"), max_length=80, blank=True)
    issued_on = models.DateField(_("发文日期"), null=True, blank=True)
    region = models.CharField(_("适用区域"), max_length=80, blank=True)
    year = models.PositiveSmallIntegerField(_("年度"), null=True, blank=True)
    period_start = models.DateField(_("执行期起"), null=True, blank=True)
    period_end = models.DateField(_("执行期止"), null=True, blank=True)
    stage = models.CharField(max_length=12, choices=Stage, default=Stage.REVIEW)
    edition_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="editions")
    reading = models.JSONField(default=dict)  # metadata as read: value, spans, confidence per field; goals; headings
    imported_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    imported_at = models.DateTimeField()
    published_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    close_note = models.CharField(max_length=400, blank=True)
    abolished_on = models.DateField(_("废止日期"), null=True, blank=True)
    abolished_by = models.CharField(_("废止文号"), max_length=80, blank=True)  # the paper that says so

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-imported_at"]
        constraints = [
            models.CheckConstraint(
                name="plan_period_in_order",
                condition=Q(period_start__isnull=True)
                | Q(period_end__isnull=True)
                | Q(period_end__gte=F("period_start")),
            ),
            models.CheckConstraint(
                name="abolished_plans_name_their_paper",
                condition=Q(abolished_on__isnull=True, abolished_by="")
                | Q(abolished_on__isnull=False, stage="closed") & ~Q(abolished_by=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def published_late(self) -> bool:
        """Whether the period was over when the plan was published: it is then read, and owes nothing after its period."""
        if self.period_end is None or self.published_at is None:
            return False
        return clock.local_day(self.published_at) > self.period_end

    def owes_on(self, day: date) -> bool:
        """Whether its tasks are owed on `day`: the same answer as `PlanQuerySet.owing_on`."""
        begun = self.period_start is None or self.period_start <= day
        over = self.period_end is not None and self.period_end < day
        closed_later = self.closed_at is not None and clock.local_day(self.closed_at) > day
        out = self.stage == self.Stage.PUBLISHED or (self.stage == self.Stage.CLOSED and closed_later)
        return out and begun and not (over and self.published_late)

    def phase(self, day: date) -> Plan.Phase:
        """What the plan is on `day`."""
        if self.stage == self.Stage.PUBLISHED:
            if self.period_end and day > self.period_end:
                return self.Phase.TO_CLOSE
            if self.period_start and day < self.period_start:
                return self.Phase.NOT_BEGUN
            return self.Phase.IN_FORCE
        if self.abolished_on:
            return self.Phase.ABOLISHED
        return {
            self.Stage.REVIEW: self.Phase.REVIEW,
            self.Stage.SUPERSEDED: self.Phase.SUPERSEDED,
            self.Stage.CLOSED: self.Phase.HISTORY,
        }[self.Stage(self.stage)]


class OfPlanQuerySet(ScopedQuerySet):
    """Rows that are read exactly when their plan is."""

    def visible_to(self, actor: Actor) -> Self:
        """Rows of plans the actor may read (plans are few: their ids are fetched first, so counts stay on an index)."""
        return self.filter(plan_id__in=list(Plan.objects.visible_to(actor).values_list("pk", flat=True)))


class Indicator(models.Model):
    """A named quantity with the target the plan prints for it."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="indicators")
    position = models.PositiveIntegerField()
    name = models.CharField(_("指标"), max_length=120)
    comparator = models.CharField(max_length=6)
    target_number = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    target_text = models.CharField(_("目标"), max_length=200, blank=True)
    unit = models.CharField(_("单位"), max_length=20, blank=True)
    year = models.PositiveSmallIntegerField(_("年度"), null=True, blank=True)
    wording = models.CharField(max_length=40, blank=True)  # 力争, 左右 …
    alternative = models.CharField(max_length=200, blank=True)  # the second branch of a two-branch rule
    not_applicable = models.BooleanField(_("不适用"), default=False)
    scope = models.CharField(max_length=10)
    quote = models.TextField()
    reading = models.JSONField(default=dict)
    confidence = models.FloatField(default=1.0)
    overruled_by = models.ForeignKey("plans.PlanConflict", models.SET_NULL, null=True, blank=True, related_name="+")
    accepted_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    rejected_why = models.CharField(max_length=200, blank=True)

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        ordering = ["plan_id", "position"]

    def __str__(self) -> str:
        return self.name


class PlanConflict(models.Model):
    """Two places of the plan that do not agree. Until settled both stand and the earlier date reminds."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="conflicts")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=24)  # soilrules.plantext.draft.ConflictKind
    tasks = models.ManyToManyField("plans.PlanTask", related_name="conflicts")
    indicators = models.ManyToManyField(Indicator, related_name="conflicts")
    sides = models.JSONField()  # [{"text", "spans", "task": uid | null, "indicator": id | null}], body first
    choice = models.CharField(max_length=12, blank=True)  # "0", "1", "both", "keep", "drop", "noted"
    ground = models.CharField(_("理由"), max_length=400, blank=True)
    settled_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        ordering = ["plan_id", "position"]


class PlanNote(models.Model):
    """A remark of the reader on the whole document."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=30)  # soilrules.plantext.draft.NoteKind
    params = models.JSONField(default=dict)
    spans = models.JSONField(default=list)

    objects = OfPlanQuerySet.as_manager()

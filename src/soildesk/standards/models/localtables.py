"""Standards of a place: what somebody proposed, and the editions another accepted, kept for every day they counted."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.models import ScopedModel


class LocalProposal(ScopedModel):
    """A table of a place as one person entered it. Decided once, by somebody else."""

    class State(models.TextChoices):
        OPEN = "open", _("待复核")
        ACCEPTED = "accepted", _("已采用")
        DECLINED = "declined", _("已退回")

    division = models.ForeignKey("core.Division", models.PROTECT, related_name="+", verbose_name=_("行政区划"))
    standard = models.CharField(_("标准编号"), max_length=80)
    family = models.CharField(_("补充的国家标准"), max_length=20)
    file_number = models.CharField(_("文号"), max_length=80, blank=True)
    data = models.JSONField()  # the edition as soilrules.standards.loader reads it
    file_name = models.CharField(_("文件"), max_length=200)
    import_uid = models.UUIDField(null=True, blank=True, db_index=True)  # of the import it came by
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.OPEN)
    by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    decided_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(_("退回原因"), max_length=200, blank=True)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.standard


class LocalEdition(ScopedModel):
    """An accepted edition of a place: in force from `since` to the day before `until`, known from `recorded_at`.

    Facts are never changed: a corrected edition is a new row, and the old one gets its `superseded_at`.
    """

    division = models.ForeignKey("core.Division", models.PROTECT, related_name="+", verbose_name=_("行政区划"))
    standard = models.CharField(_("标准编号"), max_length=80)
    title = models.CharField(_("名称"), max_length=200)
    authority = models.CharField(_("发布机关"), max_length=120)
    file_number = models.CharField(_("文号"), max_length=80, blank=True)
    family = models.CharField(_("补充的国家标准"), max_length=20)
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)
    limits = models.PositiveIntegerField(_("限值数"))
    data = models.JSONField()  # the edition as soilrules.standards.loader reads it
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)
    proposal = models.ForeignKey(LocalProposal, models.PROTECT, related_name="editions")

    class Meta:
        ordering = ["division_path", "family", "since", "id"]
        constraints = [
            models.CheckConstraint(
                name="local_edition_ends_after_it_starts", condition=Q(until__isnull=True) | Q(until__gt=F("since"))
            ),
            models.UniqueConstraint(
                name="local_edition_known_once", fields=["division", "standard"], condition=Q(superseded_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.standard

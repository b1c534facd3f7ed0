"""Dated lists 名录: who stands on which list since when, by which notice of which authority."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.models import OfPlace, ScopedModel, Version
from soildesk.enterprises.models.firms import Enterprise
from soildesk.enterprises.models.own import OwnVersionQuerySet


class ListNotice(OfPlace, ScopedModel):
    """One notice by which the deciding authority published or changed a list; we register it, the authority decides.

    `list_key` names a kind of list of soilrules.enterprises.lists. A `whole` notice gives the entire list: whoever is
    not on it is off from `since`. The document itself is attached.
    """

    list_key = models.CharField(_("名录"), max_length=40, db_index=True)
    number = models.CharField(_("文号"), max_length=80)
    title = models.CharField(_("标题"), max_length=200)
    authority = models.CharField(_("发布机关"), max_length=120)
    decided_on = models.DateField(_("成文日期"))
    published_on = models.DateField(_("公布日期"), null=True, blank=True)
    address = models.CharField(_("公布网址"), max_length=300, blank=True)
    since = models.DateField(_("生效日期"))
    whole = models.BooleanField(_("全量名录"), default=False)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    batch = models.ForeignKey("kit.ImportBatch", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-since", "-id"]
        constraints = [
            models.UniqueConstraint(name="notice_once", fields=["division_path", "list_key", "number"]),
        ]

    def __str__(self) -> str:
        return self.title


class Listing(OfPlace, Version):
    """One stay of one enterprise on one list: from the notice that put it there to the notice that took it off."""

    identity = "enterprise"

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="listings")
    list_key = models.CharField(_("名录"), max_length=40)
    notice = models.ForeignKey(ListNotice, models.PROTECT, related_name="entered", verbose_name=_("列入文件"))
    notice_out = models.ForeignKey(
        ListNotice, models.PROTECT, null=True, blank=True, related_name="left", verbose_name=_("移出文件")
    )
    reason_in = models.CharField(_("列入原因"), max_length=300, blank=True)
    reason_out = models.CharField(_("移出原因"), max_length=300, blank=True)
    category = models.CharField(_("类别"), max_length=80, blank=True)  # what the list itself says of the unit

    objects = OwnVersionQuerySet.as_manager()

    class Meta(Version.Meta):
        constraints = [
            *Version.Meta.constraints,
            models.UniqueConstraint(
                name="listing_one_open",
                fields=["enterprise", "list_key"],
                condition=Q(superseded_at__isnull=True, until__isnull=True),
            ),
        ]
        indexes = [
            models.Index(name="listing_standing", fields=["list_key", "since"], condition=Q(superseded_at=None)),
        ]


class ListProposal(OfPlace, ScopedModel):
    """What the criteria propose to the authority for one enterprise and list, and what a person made of it."""

    class Verdict(models.TextChoices):
        ENTER = "enter", _("建议列入")
        LEAVE = "leave", _("建议移出")
        STAY = "stay", _("维持")
        CANNOT_SAY = "cannot_say", _("无法判断")

    class State(models.TextChoices):
        OPEN = "open", _("待核实")
        PUT_FORWARD = "put_forward", _("已报建议")
        DISMISSED = "dismissed", _("不报")

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="proposals")
    list_key = models.CharField(_("名录"), max_length=40)
    year = models.PositiveSmallIntegerField(_("年度"))
    verdict = models.CharField(_("建议"), max_length=12, choices=Verdict)
    findings = models.JSONField(default=list)  # criterion id, outcome, mark, message
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.OPEN)
    why = models.CharField(_("理由"), max_length=300, blank=True)
    made_at = models.DateTimeField()
    decided_by = models.ForeignKey("core.Person", models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="proposal_once_a_year", fields=["enterprise", "list_key", "year"]),
        ]

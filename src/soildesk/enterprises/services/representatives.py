"""Acts on representatives: an office says who speaks for an enterprise, and until when."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.models import Person, RoleGrant
from soildesk.core.models.places import valid_on
from soildesk.core.permissions import Actor, require
from soildesk.enterprises.models import Enterprise, EnterpriseVersion, Representative
from soildesk.enterprises.refusals import RepresentativeRefused


@transaction.atomic
def grant(person: Person, enterprise: Enterprise, *, since: date, by: Actor, at: datetime) -> Representative:
    """A person speaks for an enterprise from a day on. The person has the role of enterprises and nothing more."""
    version = newest(enterprise)
    require(by, "enterprises.represent", version)
    roles = set(RoleGrant.objects.filter(valid_on(by.today), person=person).values_list("role", flat=True))
    if roles != {RoleGrant.Role.ENTERPRISE}:
        raise RepresentativeRefused(
            _("%(person)s 不能代表企业：账户应只有“%(role)s”角色，单位人员不能兼任。请系统管理员另设账户。")
            % {"person": person.name, "role": RoleGrant.Role.ENTERPRISE.label},
            code="enterprises.representative.role",
        )
    held = Representative.objects.filter(person=person, enterprise=enterprise, until=None).first()
    if held:
        raise RepresentativeRefused(
            _("%(person)s 自 %(since)s 起已代表这家企业：不需要再授权。")
            % {"person": person.name, "since": held.since},
            code="enterprises.representative.twice",
        )
    made = Representative.objects.create(
        person=person, enterprise=enterprise, since=since, granted_by=by.person, granted_at=at
    )
    audit.record(
        "enterprises.firm.representative_granted", subject=version, by=by, at=at,
        data={"enterprise": enterprise.number, "person": person.username, "since": since},
    )  # fmt: skip
    return made


@transaction.atomic
def end(representative: Representative, *, on: date, by: Actor, at: datetime) -> Representative:
    """From the day `on` the person does not speak for the enterprise any more."""
    version = newest(representative.enterprise)
    require(by, "enterprises.represent", version)
    held = Representative.objects.select_for_update().get(pk=representative.pk)
    if held.until is not None:
        raise RepresentativeRefused(
            _("这项授权已于 %(day)s 终止。") % {"day": held.until}, code="enterprises.representative.ended"
        )
    if on <= held.since:
        raise RepresentativeRefused(
            _("终止日期 %(day)s 不晚于开始日期 %(since)s：请改日期。") % {"day": on, "since": held.since},
            code="enterprises.representative.days",
        )
    held.until = on
    held.save(update_fields=["until"])
    audit.record(
        "enterprises.firm.representative_ended", subject=version, by=by, at=at,
        data={"enterprise": held.enterprise.number, "person": held.person.username, "on": on},
    )  # fmt: skip
    return held


def newest(enterprise: Enterprise) -> EnterpriseVersion:
    """The newest version of an enterprise: where it belongs."""
    return enterprise.versions.filter(superseded_at=None).order_by("-since").select_related("enterprise")[0]

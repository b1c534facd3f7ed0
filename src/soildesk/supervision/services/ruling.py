"""What a place says of supervision: which department is what, which rules hold from when, where mail goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, clock
from soildesk.core.models import Department, Division
from soildesk.core.permissions import Actor, require
from soildesk.kit.languages import language, listed
from soildesk.supervision.models import Mail, MailAddress, Office, SlipRules
from soildesk.supervision.queries.places import bodies_of, office_of, version_on, who_may
from soildesk.supervision.refusals import SupervisionRefused
from soildesk.supervision.words import rule_words
from soilrules.strict import BadRuleData
from soilrules.supervision import authorities
from soilrules.supervision.authorities import Act, Body
from soilrules.supervision.slips import UnfitRules, customary, with_changes

RULES = "supervision.rules"


@dataclass(frozen=True, slots=True)
class Version:
    """What an office sets: from when, whether anything is issued, what differs from the customary rules, on what ground."""

    since: date
    in_use: bool = True
    changes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    colours: Mapping[str, str] = field(default_factory=dict)
    ground: str = ""


@transaction.atomic
def set_rules(place: Division, version: Version, *, by: Actor, at: datetime) -> SlipRules:
    """Put a version of the rules of a place into force from today or later; what was issued stays as it is."""
    require(by, RULES, place)
    if version.since < by.today:
        raise SupervisionRefused(
            _("自 %(since)s 起已经过去：已发出的督办单不能更改，请填写今天 %(today)s 或以后的日期。")
            % {"since": version.since, "today": by.today},
            code="supervision.rules.past",
        )
    issuer = office_of(place, Body.CAMPAIGN_OFFICE, version.since)
    if issuer is None:
        raise SupervisionRefused(
            _("%(place)s还没有登记指挥部办公室：请先登记由哪个部门发出督办单。") % {"place": place.name},
            code="supervision.rules.office",
        )
    if (version.changes or version.colours) and not version.ground.strip():
        raise SupervisionRefused(
            _("与通行规则不同的，请写明本地依据（文号或者制度名称）。"), code="supervision.rules.ground"
        )
    try:
        with_changes(customary(), version.changes, version.colours)
    except BadRuleData as error:
        why = _unfit(error)
        raise SupervisionRefused(_("规则不能这样设定：%(why)s") % {"why": why}, code="supervision.rules.bad") from error
    made = SlipRules.objects.create(
        division=place,
        division_path=place.path,
        owner_department=issuer,
        since=version.since,
        in_use=version.in_use,
        changes={name: dict(one) for name, one in version.changes.items()},
        colours=dict(version.colours),
        ground=version.ground.strip()[:300],
        set_by=by.person,
        set_at=at,
    )
    data = {"since": version.since.isoformat(), "in_use": version.in_use, "changes": made.changes}
    audit.record("supervision.rules.set", subject=place, by=by, at=at, data=data)
    return made


def _unfit(error: BadRuleData) -> str:
    """Which rule does not do, and why."""
    if not isinstance(error, UnfitRules):
        return _("有一项不在可选的范围内，请从列表中选择。")
    rule = customary().rule(error.rule)
    which = _("“%(rule)s”：") % {"rule": rule_words(rule)} if rule else ""
    return which + error.message.sentence(language())


@transaction.atomic
def name_office(place: Division, department: Department, body: Body, ground: str, *, by: Actor, at: datetime) -> Office:
    """Say what a department is in the supervision of a place; a place has one campaign office, the former one ends."""
    require(by, RULES, place)
    if not ground.strip():
        raise SupervisionRefused(_("请写明依据（如成立指挥部的文号）。"), code="supervision.office.ground")
    near = department.division.path.startswith(place.path) or place.path.startswith(department.division.path)
    if not near:
        raise SupervisionRefused(
            _("%(unit)s不在%(place)s，也不是其上级：请选择本地或者上级的部门。")
            % {"unit": department, "place": place.name},
            code="supervision.office.place",
        )
    standing = Office.objects.select_for_update().filter(division=place, body=body.value, until=None)
    if standing.filter(department=department).exists():
        raise SupervisionRefused(_("%(unit)s已经登记。") % {"unit": department}, code="supervision.office.twice")
    day = clock.local_day(at)
    if body is Body.CAMPAIGN_OFFICE:
        standing.update(until=day)
    made = Office.objects.create(
        division=place,
        division_path=place.path,
        owner_department=department,
        department=department,
        body=body.value,
        ground=ground.strip()[:200],
        since=day,
        named_by=by.person,
        named_at=at,
    )
    data = {"department": str(department.uid), "body": body.value}
    audit.record("supervision.office.named", subject=place, by=by, at=at, data=data)
    return made


@transaction.atomic
def end_office(office: Office, *, by: Actor, at: datetime) -> Office:
    """Say that a department is that no more. The campaign office of a place that issues slips is replaced, not ended."""
    require(by, RULES, office)
    held = Office.objects.select_for_update().get(pk=office.pk)
    if held.until is not None:
        raise SupervisionRefused(_("%(unit)s已经终止。") % {"unit": held}, code="supervision.office.ended")
    day = clock.local_day(at)
    version = version_on(held.division, day)
    if held.body == Body.CAMPAIGN_OFFICE.value and version is not None and version.in_use:
        raise SupervisionRefused(
            _("%(unit)s正在发出督办单：请直接登记新的指挥部办公室，原来的自动终止。") % {"unit": held.department},
            code="supervision.office.ended",
        )
    held.until = day
    held.save(update_fields=["until"])
    data = {"department": str(held.department.uid), "body": held.body}
    audit.record("supervision.office.ended", subject=held.division, by=by, at=at, data=data)
    return held


@transaction.atomic
def set_address(department: Department, address: str, *, by: Actor, at: datetime) -> MailAddress | None:
    """Where letters of supervision to a department go; an empty address: none are sent."""
    require(by, RULES, department)
    if not address.strip():
        MailAddress.objects.filter(department=department).delete()
        made = None
    else:
        try:
            validate_email(address.strip())
        except ValidationError as error:
            raise SupervisionRefused(
                _("“%(address)s”不是邮箱地址：请填写形如 name@example.gov.cn 的地址。") % {"address": address},
                code="supervision.rules.bad",
            ) from error
        former = MailAddress.objects.filter(department=department).values_list("address", flat=True).first()
        made, _new = MailAddress.objects.update_or_create(department=department, defaults={"address": address.strip()})
        _send_on(former, made.address, at)
    audit.record("supervision.address.set", subject=department, by=by, at=at, data={"set": made is not None})
    return made


def _send_on(former: str | None, address: str, at: datetime) -> None:
    """Letters that wait for an address nobody reads any more go to the new one."""
    if former and former != address and not MailAddress.objects.filter(address=former).exists():
        Mail.objects.filter(sent_at=None, to=former).update(to=address, tries=0, error="", next_try_at=at)


def need_authority(act: Act, place: Division, *, by: Actor) -> None:
    """Refuse an act beyond the authority of the actor's department, with the bodies that have it and what can be done instead."""
    own = bodies_of(by.person.department if by.person else None, by.today)
    answer = authorities.asked(act, own)
    if answer.allowed:
        return
    known = listed(str(one) for one in who_may(answer.bodies, place, by.today))
    told = _("本地为：%(known)s。") % {"known": known} if known else ""
    raise SupervisionRefused(f"{answer.message.sentence(language())}{told}", code="supervision.authority")

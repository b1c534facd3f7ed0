"""Local rules 属地规则 adopted for a place: by a person, with the document, from a day. Without one nothing is guessed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, clock, files, versions
from soildesk.core.permissions import Actor, require
from soildesk.core.versions import Recording
from soildesk.decisions.models import LocalProfile, LocalRules
from soildesk.decisions.queries.profiles import choices, entered_called, places_to_enter
from soildesk.decisions.refusals import ProfileRefused
from soildesk.land.services.writing import Place, place_at
from soilrules.gate.profiles import profiles as shipped
from soilrules.gate.profiles import read_profile
from soilrules.strict import BadRuleData, Record

ADOPT, ENTER = "decisions.adopt", "decisions.enter_rules"


@transaction.atomic
def enter(
    data: Mapping[str, Any], paper: tuple[str, bytes], import_uid: UUID | None = None, *, by: Actor, at: datetime
) -> LocalRules:
    """Keep local rules an office read from a document, with the workbook; they hold nowhere before somebody adopts them."""
    try:
        rules = read_profile(Record(data, str(data.get("title", ""))))
    except BadRuleData as error:
        raise ProfileRefused(
            _("没有通过规则的严格检查：%(detail)s。请核对后重新选择文件。") % {"detail": error},
            code="decisions.rules.strict",
        ) from error
    place = place_at("", by)
    require(by, ENTER, place.division)
    if rules.division not in places_to_enter(by):
        raise ProfileRefused(
            _("“%(code)s”不是您所在的地区、其上级或下辖地区：请核对适用地区代码。") % {"code": rules.division},
            code="decisions.rules.place",
        )
    made = LocalRules.objects.create(
        **place.columns, title=rules.title, number=rules.number, data=dict(data), import_uid=import_uid,
        recorded_at=at, recorded_by=by.person,
    )  # fmt: skip
    files.attach(made, data=paper[1], name=paper[0], kind="rules", by=by, at=at)
    counts = {"rows": len(rules.rows), "moments": len(rules.moments)}
    audit.record("decisions.rules.entered", subject=made, by=by, at=at, data={"title": made.title, **counts})
    return made


@transaction.atomic
def adopt(
    profile: str, document: str, since: date, place: Place, *, part_of: bool = False, by: Actor, at: datetime
) -> LocalProfile:
    """Adopt rules for a division from a day; those adopted before end that day. What was answered before stays.

    `part_of`: the issuer states that the division belongs to the place of the rules, where its code does not say so.
    """
    require(by, ADOPT, place.division)
    if profile not in dict(choices(by)):
        raise ProfileRefused(_("没有这份属地规则：请在列表中选择。"), code="decisions.profile.unknown")
    _must_be_of(profile, since, place)
    if not part_of:
        _must_lie_in(profile, place)
    if not document.strip():
        raise ProfileRefused(
            _("请填写依据文号：采用哪份文件、或由谁核对没有属地规则。"), code="decisions.profile.document"
        )
    rows = LocalProfile.objects.select_for_update().filter(
        division_path=place.division.path, superseded_at=None, until=None
    )
    held = rows.first()
    recording = Recording(by, at, document.strip()[:300])
    facts = {"profile": profile, "document": document.strip()[:120], "checked_on": clock.local_day(at)}
    if held is None:
        made = versions.first(LocalProfile, {**place.columns, **facts}, since=since, until=None, recording=recording)
    elif (held.profile, held.document) == (facts["profile"], facts["document"]):
        raise ProfileRefused(
            _("自 %(day)s 起已经采用这份规则和依据。") % {"day": held.since}, code="decisions.profile.same"
        )
    elif since < held.since:
        raise ProfileRefused(
            _("现行规则自 %(day)s 起采用：新规则不能早于这一天。") % {"day": held.since},
            code="decisions.profile.earlier",
        )
    else:
        made = versions.revise(held, facts, since=since, recording=recording)
    data = {
        "profile": profile, "document": facts["document"], "since": since, "division": place.division.path, "part_of": part_of,
    }  # fmt: skip
    audit.record("decisions.profile.adopted", subject=made, by=by, at=at, data=data)
    return made


def _must_lie_in(profile: str, place: Place) -> None:
    """Rules that come with the desk are those of one place; another place has its own."""
    rules = shipped().get(profile)
    if rules is None or rules.division in place.division.path.split("/"):
        return
    raise ProfileRefused(
        _("“%(title)s”是 %(code)s 的规则，%(place)s不在其中：请采用当地的规则；当地方案不在列表中的，下载模板录入；%(place)s确属该地区（如新设的开发区）的，勾选声明后再采用。")
        % {"title": rules.title, "code": rules.division, "place": place.division.name},
        code="decisions.profile.elsewhere",
    )  # fmt: skip


def _must_be_of(profile: str, since: date, place: Place) -> None:
    """Rules entered here hold where their document does, and not before it does."""
    entered = entered_called(profile)
    if entered is None:
        return
    division, first = entered.data["division"], date.fromisoformat(entered.data["since"])
    if division not in place.division.path.split("/"):
        raise ProfileRefused(
            _("“%(title)s”适用于 %(code)s，不适用于%(place)s：请选择它适用的地区。")
            % {"title": entered.title, "code": division, "place": place.division.name},
            code="decisions.profile.place",
        )
    if since < first:
        raise ProfileRefused(
            _("“%(title)s”自 %(first)s 起适用，不能自 %(since)s 起采用：请改采用日期。")
            % {"title": entered.title, "first": first, "since": since},
            code="decisions.profile.before",
        )

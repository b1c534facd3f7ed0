"""Local rules 属地规则 adopted for a place: by a person, with the document, from a day. Without one nothing is guessed."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, versions
from soildesk.core.permissions import Actor, require
from soildesk.core.versions import Recording
from soildesk.decisions.models import LocalProfile
from soildesk.decisions.queries.profiles import choices
from soildesk.decisions.refusals import ProfileRefused
from soildesk.land.services.writing import Place

ADOPT = "decisions.adopt"


@transaction.atomic
def adopt(profile: str, document: str, since: date, place: Place, *, by: Actor, at: datetime) -> LocalProfile:
    """Adopt rules for a division from a day; those adopted before end that day. What was answered before stays."""
    require(by, ADOPT, place.division)
    if profile not in dict(choices()):
        raise ProfileRefused(_("没有这份属地规则：请在列表中选择。"), code="decisions.profile.unknown")
    if not document.strip():
        raise ProfileRefused(
            _("请填写依据文号：采用哪份文件、或由谁核对没有属地规则。"), code="decisions.profile.document"
        )
    rows = LocalProfile.objects.select_for_update().filter(
        division_path=place.division.path, superseded_at=None, until=None
    )
    held = rows.first()
    recording = Recording(by, at, document.strip()[:300])
    facts = {"profile": profile, "document": document.strip()[:120]}
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
    data = {"profile": profile, "document": facts["document"], "since": since, "division": place.division.path}
    audit.record("decisions.profile.adopted", subject=made, by=by, at=at, data=data)
    return made

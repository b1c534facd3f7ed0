"""What the records say today beside what was signed."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from soildesk.assessment.pages.base import crumbs, found, told
from soildesk.assessment.queries.since import moved
from soildesk.assessment.queries.standing import Standing
from soildesk.kit.access import actor_of, staff_page


@staff_page("assessment.read")
@told
def since(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The items that would be read otherwise now, with the records that moved."""
    actor = actor_of(request)
    one = found(actor, uid)
    context = {
        "assessment": one,
        "rows": moved(Standing(one), actor),
        "today": actor.today,
        "title": _("与现在的记录比较：%(place)s %(year)d") % {"place": one.place.name, "year": one.year},
        "crumbs": crumbs(one, (_("与现在的记录比较"), "")),
    }
    return render(request, "assessment/since.html", context)

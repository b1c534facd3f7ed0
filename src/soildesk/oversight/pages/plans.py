"""Plans of inspections: the drawing, the end."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.core.permissions import require
from soildesk.kit.access import actor_of, staff_page
from soildesk.land.pages.forms import posted
from soildesk.land.pages.parcels import asked
from soildesk.land.services.writing import place_at
from soildesk.oversight.pages.forms_visits import CloseForm, DrawForm
from soildesk.oversight.queries import visits
from soildesk.oversight.services import plans
from soildesk.oversight.services.plans import DRAW, Wanted

LIST = "inspection_plans"


@staff_page(DRAW)
def draw(request: HttpRequest) -> HttpResponse:
    """Draw a plan."""
    actor = actor_of(request)
    year = actor.today.year
    first = {
        "title": _("%(year)d年度双随机检查") % {"year": year}, "list_key": "soil_key", "starts_on": actor.today,
        "ends_on": date(year, 12, 31),
    }  # fmt: skip
    context: dict[str, Any] = {
        "title": _("抽取检查对象"),
        "note": _("抽取一次就定下来：权重按今天的记录计算，次序由种子决定，都留在计划页面上，任何人可以再抽一次核对。"),
        "crumbs": [(_("检查计划"), reverse("kit:collection", args=[LIST])), (_("抽取检查对象"), "")],
        "save": _("抽取"),
    }

    def write(said: dict[str, Any]) -> str:
        plan = plans.draw(Wanted(**said), place_at("", actor), by=actor, at=clock.now())
        return _("%(number)s 已抽取 %(n)d 家。") % {"number": plan.number, "n": plan.wanted}

    return asked(request, posted(DrawForm, request, first), context, write, reverse("kit:collection", args=[LIST]))


@staff_page(DRAW)
def close(request: HttpRequest, uid: UUID) -> HttpResponse:
    """End a plan."""
    actor = actor_of(request)
    plan = visits.plan_of(actor, uid)
    if plan is None:
        raise Http404(str(uid))
    require(actor, DRAW, plan)
    back = reverse("kit:record", args=[LIST, str(plan.uid)])

    def write(said: dict[str, Any]) -> str:
        plans.close(plan, by=actor, at=clock.now())
        return _("%(number)s 已经结束。") % {"number": plan.number}

    context = {
        "title": _("结束计划 %(number)s") % {"number": plan.number},
        "note": _("结束之后不能再登记本计划的检查；没有检查的企业仍列为未检查。"),
        "crumbs": [(_("检查计划"), reverse("kit:collection", args=[LIST])), (plan.number, back), (_("结束计划"), "")],
        "save": _("结束计划"),
    }
    return asked(request, posted(CloseForm, request), context, write, back)

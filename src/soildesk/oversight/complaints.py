"""Complaints on the list of problems that say where: suspicious ground, told to the register of plots."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor, may
from soildesk.enterprises.queries.firms import names_of
from soildesk.oversight.models import Problem
from soildesk.oversight.queries.problems import problems
from soildesk.plots.queries.plots import overlapping_point
from soildesk.plots.services import feeds
from soildesk.plots.services.candidates import Fed, Source
from soildesk.plots.services.feeds import Feed, place_of


def found(by: Actor) -> Iterator[Fed]:
    """Complaints with a place that is no plot yet; those found untrue are left out."""
    if not may(by, "oversight.read"):
        return
    rows = list(
        problems(by, by.today)
        .filter(source=Problem.Source.LETTER, geometry__isnull=False)
        .exclude(state=Problem.State.DISMISSED)
    )
    names = names_of({one.enterprise_id for one in rows if one.enterprise_id}, by.today)
    for one in rows:
        if not overlapping_point(one.geometry, by, by.today):
            firm = names.get(one.enterprise_id, "") if one.enterprise_id else ""
            yield Fed(
                source=Source.COMPLAINT,
                origin=f"problem:{one.number}",
                title=one.object_name or firm or one.fact[:40],
                found_on=one.found_on,
                firm_name=firm,
                facts={"why": f"{one.number}：{one.fact}"[:600]},
                geometry=one.geometry,
                place=place_of(one, by),
            )


COMPLAINTS = feeds.add(
    Feed(
        "oversight.complaints",
        _l("问题清单：标了位置的信访投诉"),
        _l("不在已登记地块上、没有核实为不属实的；没有进问题清单的，请导入投诉举报清单。"),
        found,
    )
)

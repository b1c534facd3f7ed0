"""Land that was taken back, bought or reserved and on which a firm stood: suspicious ground, told to the register of plots."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor, may
from soildesk.decisions.models import GroundAct
from soildesk.decisions.queries.ground_acts import acts
from soildesk.enterprises.queries.sites import StoodHere, stood_on_each
from soildesk.plots.queries.plots import overlapping
from soildesk.plots.services import feeds
from soildesk.plots.services.candidates import Fed, Source
from soildesk.plots.services.feeds import Feed, place_of

RECALLS = ("收回", "收购", "收储")
WHOLLY = 0.999
"""Of the ground lies on plots: then nothing of it is still to be found."""


def found(by: Actor) -> Iterator[Fed]:
    """The acts of today by which land where industry stood was recalled, unless it lies on plots wholly."""
    if not (may(by, "decisions.read") and may(by, "enterprises.read")):
        return
    rows = list(acts(by, by.today).filter(act__in=RECALLS).order_by("on", "pk"))
    for act, firms in zip(rows, stood_on_each([one.geometry for one in rows], by, by.today), strict=True):
        if firms and sum(one.share for one in overlapping(act.geometry, by, by.today)) < WHOLLY:
            yield _fed(act, firms, by)


def _fed(act: GroundAct, firms: Sequence[StoodHere], by: Actor) -> Fed:
    """The firm with the largest part names the ground; all are told."""
    largest = max(firms, key=lambda one: one.area_m2)
    sentence = _("%(firm)s %(since)s 至 %(until)s 在此")
    stood = [sentence % {"firm": one.name, "since": one.since, "until": one.until or _("今")} for one in firms]
    done = _("%(on)s %(act)s（%(document)s）") % {"on": act.on, "act": act.act, "document": act.document or _("无文号")}
    return Fed(
        source=Source.RECALL,
        origin=f"ground_act:{act.uid}",
        title=act.project or _("%(firm)s用地") % {"firm": largest.name},
        found_on=act.on,
        firm_name=largest.name,
        credit_code=largest.credit_code,
        industry=largest.industry,
        facts={"why": "；".join([done, *stood])},
        geometry=act.geometry,
        place=place_of(act, by),
    )


RECALLED = feeds.add(
    Feed(
        "decisions.recalled",
        _l("用地办理事项：收回、收购、收储，且曾有企业在此"),
        _l("全部落在已登记地块上的不列；企业台账没有记载、实际办过厂的，请导入收回收储清单。"),
        found,
    )
)

"""What rounds find on plots under control goes on the list of problems in the same act: each finding of a round once."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor, may, system_actor
from soildesk.oversight.models import Problem
from soildesk.oversight.queries.fromplots import origin_of
from soildesk.oversight.services import problems
from soildesk.oversight.services.problems import RECORD
from soildesk.plots.controlwords import FOUND
from soildesk.plots.services.controlrounds import Noticed
from soilrules.plots.control import VIOLATIONS


def open_problems(noticed: Noticed, by: Actor, at: datetime) -> None:
    """One problem for each thing a round found. Part of the act of the round.

    Whoever walks the round in the field may not always record problems: then the desk does, and the round says who was there.
    """
    recorder = by if may(by, RECORD, noticed.place.division) else system_actor("plots.rounds", by.today)
    for what in noticed.found:
        facts = {
            "source": Problem.Source.VISIT,
            "origin": origin_of(noticed.round_uid, what),
            "found_on": noticed.on,
            "fact": "，".join(filter(None, (_fact(noticed, str(FOUND[what])), noticed.note))),
            "violation": VIOLATIONS[what],
            "object_name": noticed.plot_name,
            "geometry": noticed.geometry.representative_point(),
        }
        problems.record(facts, noticed.place, by=recorder, at=at)


def _fact(noticed: Noticed, what: str) -> str:
    told = {"plot": noticed.plot_name, "number": noticed.plot_number, "what": what, "within": noticed.within}
    return _("暂不开发利用地块“%(plot)s”（%(number)s）管控巡查发现%(what)s，对照%(within)s") % told

"""What this room adds to the record pages of plans and visits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.core.permissions import Actor
from soildesk.enterprises.firmwords import list_name
from soildesk.enterprises.queries.firms import names_of
from soildesk.enterprises.register.records import stopped
from soildesk.enterprises.sentences import language
from soildesk.kit.faces import RecordPage
from soildesk.kit.parts import Act, Chip, Event, Fact, File
from soildesk.kit.register import Row
from soildesk.monitoring.markwords import mark_word
from soildesk.oversight.models import InspectionPlan, Visit
from soildesk.oversight.queries import visits
from soildesk.oversight.register.problempages import state_chip
from soildesk.oversight.services import plans
from soilrules.messages import Message

State, Found = InspectionPlan.State, Visit.Found
STATES = {
    State.DRAWN.value: ("calm", "circle", State.DRAWN.label),
    State.IN_FORCE.value: ("busy", "hourglass-split", State.IN_FORCE.label),
    State.CLOSED.value: ("good", "check-circle-fill", State.CLOSED.label),
}
FOUND = {
    Found.NOTHING.value: ("good", "check-circle-fill", Found.NOTHING.label),
    Found.PROBLEMS.value: ("bad", "exclamation-triangle-fill", Found.PROBLEMS.label),
    Found.NOT_MET.value: ("unknown", "question-octagon", Found.NOT_MET.label),
}


def _fact_words(facts: Sequence[str]) -> str:
    return "、".join(Message("enterprises", "lot_facts", one).sentence(language()) for one in facts)


def plan(actor: Actor, row: Row, on: date) -> RecordPage:
    """A plan: its weights, its seed, the whole order, how to draw it again, and what was visited."""
    found = InspectionPlan.objects.get(pk=row["pk"])
    lot = visits.lot_of(found, on)
    tone, icon, word = STATES[found.state]
    chips = [Chip(tone, str(word), icon)]  # type: ignore[arg-type]
    done = sum(1 for one in lot if one.drawing.drawn and one.visit is not None and one.visit.found != Found.NOT_MET)
    if found.state == State.IN_FORCE and found.ends_on < on and done < found.wanted:
        chips.append(
            Chip("bad", _("逾期"), "exclamation-triangle-fill", _("应在 %(day)s 前查完。") % {"day": found.ends_on})
        )
    numbers = found.weights.get("numbers", {})
    return RecordPage(
        chips=chips,
        facts=[
            Fact(_("抽取范围"), list_name(found.list_key) if found.list_key else _("全部在产、停产企业")),
            Fact(_("抽取时间"), str(clock.local_day(found.drawn_at))),
        ],
        acts=[
            Act(_("结束计划"), reverse("oversight:plan_close", args=[found.uid]), "check2-circle",
                stopped_by=stopped(actor, plans.DRAW, found) or (_("已经结束。") if found.state == State.CLOSED else "")),
        ],
        template="oversight/plan.html",
        context={
            "plan": found,
            "lot": [(one, _fact_words(one.drawing.reasons), _fact_words(one.drawing.unknown)) for one in lot],
            "done": done,
            "mark": mark_word(found.weights.get("mark", "")),
            "base": numbers.get("base", ""),
            "numbers": [(_fact_words([key]), number) for key, number in numbers.items() if key != "base"],
            "same": plans.drawn_again(found),
            "may_visit": not stopped(actor, "oversight.visit", found),
        },
    )  # fmt: skip


def visit(actor: Actor, row: Row, on: date) -> RecordPage:
    """A visit: what was seen, what was found, the photographs, what was corrected."""
    found = Visit.objects.select_related("enterprise", "plan").get(pk=row["pk"])
    tone, icon, word = FOUND[found.found]
    firm = found.enterprise
    name = names_of([firm.pk], on).get(firm.pk, firm.number)
    links = [(name, reverse("kit:record", args=["enterprises", str(firm.uid)]))]
    if found.plan is not None:
        links.append((found.plan.title, reverse("kit:record", args=["inspection_plans", str(found.plan.uid)])))
    told = visits.told(found)
    return RecordPage(
        chips=[Chip(tone, str(word), icon)],  # type: ignore[arg-type]
        acts=[
            Act(
                _("更正"),
                reverse("oversight:visit_correct", args=[found.uid]),
                "pencil",
                stopped_by=stopped(actor, "oversight.visit", found),
            )
        ],
        files=[_photo(use) for use in visits.files_of(found)],
        history=[
            Event(
                one.recorded_at,
                one.recorded_by.name if one.recorded_by else _("系统"),
                _("更正") if one.reason else _("登记"),
                "；".join(filter(None, (one.reason, str(one.get_found_display()), one.note))),
            )
            for one in told
        ],
        related=links,
        template="oversight/visit_record.html",
        context={
            "problems": [(one, state_chip(one.state)) for one in visits.problems_of(found)],
        },
    )


def _photo(use: Any) -> File:
    by = use.added_by.name if use.added_by else ""
    return File(
        use.name, reverse("core:file", args=[use.uid]), use.attachment.size, _("照片"), use.added_at, by, use.note
    )

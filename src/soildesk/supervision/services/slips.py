"""The answer to a slip: why it is not done, or that it came to the wrong unit. That it is done is told on the record itself."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import audit, files
from soildesk.core.permissions import Actor, require
from soildesk.plans.queries.told import SUBJECT as TASK
from soildesk.plans.services import telling_of_slips
from soildesk.supervision.models import Slip
from soildesk.supervision.refusals import SupervisionRefused
from soildesk.supervision.services import telling
from soildesk.supervision.services.matters import PAPER, Act, need_own
from soildesk.supervision.services.settling import owe

ANSWER = "supervision.answer"


def need_unanswered(slip: Slip, by: Actor) -> None:
    """Refused where it is not this person's to answer, or asks for no answer (any more): also before the form is shown."""
    require(by, ANSWER, slip)
    need_own(slip.unit_id, by)
    if slip.state not in (Slip.State.WAITING, Slip.State.FOLLOWED) or slip.answered_on is not None:
        raise SupervisionRefused(
            _("%(number)s 现为“%(state)s”，不需要答复。") % {"number": slip.number, "state": slip.get_state_display()},
            code="supervision.slip.state",
        )


@transaction.atomic
def answer(slip: Slip, kind: Slip.Answer, act: Act) -> Slip:
    """Answer a slip once, in words; on a task of a plan the same is told in the ledger, so that it is said once."""
    held = Slip.objects.select_for_update().get(pk=slip.pk)
    need_unanswered(held, act.by)
    if kind not in (Slip.Answer.REASON, Slip.Answer.MISDIRECTED):
        raise SupervisionRefused(_("请选择“未办及原因”或者“转错了”。"), code="supervision.slip.reason")
    said = act.words(_("请写明原因：为什么没有办结、什么时候能办结，或者应当由谁办理。"), "supervision.slip.reason")
    held.answer_kind, held.answer, held.answered_on, held.answered_by = kind, said, act.day, act.by.person
    held.state, held.ended_on = Slip.State.ANSWERED, act.day
    held.save(update_fields=["answer_kind", "answer", "answered_on", "answered_by", "state", "ended_on"])
    for paper in act.papers:
        files.attach(held, data=paper.data, name=paper.name, kind=PAPER, by=act.by, at=act.at)
    owe([held], by=act.by)
    wrong = kind == Slip.Answer.MISDIRECTED
    if held.duty is not None and held.duty.subject_type == TASK and held.duty.unit_id is not None:
        telling_of_slips.tell(held.duty.subject_id, held.duty.unit_id, said, misdirected=wrong, by=act.by, at=act.at)
    elif wrong:
        _tell_offices(held)
    audit.record(
        "supervision.slip.answered", subject=held, by=act.by, at=act.at, data={"number": held.number, "kind": kind}
    )
    return held


def _tell_offices(slip: Slip) -> None:
    """A matter that is no task is given to another unit where it was made: the office that wrote and the one that asked hear of it."""
    told = {slip.owner_department_id, slip.duty.owner_department_id if slip.duty else slip.owner_department_id}
    text = _("%(number)s（%(title)s）：%(unit)s答复“转错了”：%(why)s。请在原记录中改派，或者说明仍由该单位办理。")
    said = {"number": slip.number, "title": slip.title[:60], "unit": slip.unit, "why": slip.answer.rstrip("。")[:120]}
    telling.tell_units(told, text % said, reverse("kit:record", args=["slips", str(slip.uid)]))

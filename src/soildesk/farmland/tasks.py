"""Jobs of the room `farmland`."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.jobs import Progress, job
from soildesk.core.permissions import Actor
from soildesk.farmland.models import Classification, ClassTrial
from soildesk.farmland.services import classifying, trials, triggers


@job(classifying.JOB, title=gettext_lazy("计算建议类别"), permission=classifying.PERMISSION)
def classify(progress: Progress, actor: Actor, *, classification: str) -> dict[str, Any]:
    """Put the units of a classification into classes; one that is cancelled keeps what was computed before."""
    held = Classification.objects.visible_to(actor).filter(uid=classification).first()
    if held is None:
        raise Refusal(_("这次类别划分已不在您的权限范围内。"))
    made = classifying.compute(held, by=actor, at=clock.now(), step=progress.step)
    page = reverse("kit:record", args=["classifications", classification])
    return {"classification": classification, "classes": made.told["classes"], "shown_at": page}


@job(trials.JOB, title=gettext_lazy("试算换规则或标准"), permission=trials.PERMISSION)
def what_if(progress: Progress, actor: Actor, *, trial: str) -> dict[str, Any]:
    """Work out what other terms would change; one that is cancelled leaves nothing."""
    held = ClassTrial.objects.visible_to(actor).select_related("classification").filter(uid=trial).first()
    if held is None:
        raise Refusal(_("这次试算已不在您的权限范围内。"))
    made = trials.work_out(held, by=actor, at=clock.now(), step=progress.step)
    return {"trial": trial, "differ": len(made.found["differs"])}


@job(triggers.JOB, title=gettext_lazy("查找动态调整线索"), permission=triggers.PERMISSION)
def find_triggers(progress: Progress, actor: Actor) -> dict[str, Any]:
    """Look for what asks for a new look at classes, in the actor's places."""
    made = triggers.look(by=actor, at=clock.now(), step=progress.step)
    return {"triggers": len(made)}

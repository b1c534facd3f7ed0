"""Jobs of the room `monitoring`."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from soildesk.core.jobs import Progress, job
from soildesk.core.permissions import Actor
from soildesk.monitoring.models import Batch
from soildesk.monitoring.services import intake


@job("monitoring.read_batch", title=gettext_lazy("读入检测数据"), permission="monitoring.send_results")
def read_batch(progress: Progress, actor: Actor, *, batch: str) -> dict[str, Any]:
    """Read a file that was sent; its sender's rights are asked for again."""
    held = Batch.objects.visible_to(actor).select_related("campaign").get(uid=batch)
    if held.state != Batch.State.LOADING:
        return {"batch": batch, "state": held.state}
    held = intake.adopted(held)

    def step(done: int) -> None:
        progress.step(done, None, _("已读入 %(n)d 个结果") % {"n": done})

    held = intake.take_in(held, by=actor, step=step)
    return {"batch": batch, "state": held.state, "rows": held.rows}

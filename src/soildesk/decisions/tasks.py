"""Jobs of the room `decisions`."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from soildesk.core import clock, files
from soildesk.core.errors import Refusal
from soildesk.core.jobs import Output, Progress, job
from soildesk.core.permissions import Actor
from soildesk.decisions import grounds
from soildesk.decisions.queries import kept
from soildesk.decisions.services import batch
from soildesk.decisions.services.batch import Order


@job("decisions.batch", title=gettext_lazy("批量核查"), permission="decisions.ask")
def ask_layer(
    progress: Progress, actor: Actor, *, held: str, crs: str = "", use: str = "", scheme: str = "", on: str = ""
) -> Output:
    """Ask about every row of an uploaded layer; the batch is found through the actor's scope again."""
    found = kept.batch_called(actor, held)
    layer = files.uses_of(found).filter(kind=batch.LAYER).first() if found else None
    if found is None or layer is None:
        raise Refusal(_("这次批量核查已不在您的权限范围内。"))
    order = Order(found.title, found.act, date.fromisoformat(on), use, scheme)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, layer.name)
        path.write_bytes(files.read(layer))
        rows = grounds.rows_of(path, layer.name, crs)
        made = batch.run(
            found, order, rows, by=actor, at=clock.now(), step=lambda done, total: progress.step(done, total, _("核查"))
        )
    table = files.uses_of(made).filter(kind=batch.TABLE).first()
    file = (table.name, files.read(table)) if table else None
    return Output({"batch": str(made.uid), "counts": made.counts}, file)

"""Jobs of the room `decisions`."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from soildesk.core import clock, files
from soildesk.core.errors import Refusal
from soildesk.core.jobs import Output, Progress, job
from soildesk.core.permissions import Actor
from soildesk.decisions import grounds
from soildesk.decisions.models import GateBatch
from soildesk.decisions.queries import kept
from soildesk.decisions.services import batch
from soildesk.decisions.services.batch import Order
from soildesk.kit.gis import exporting, targets


def _broke_off(*, held: str, **_order: str) -> None:
    batch.broke_off(held)


@job("decisions.batch", title=gettext_lazy("批量核查"), permission="decisions.ask", broke_off=_broke_off)
def ask_layer(
    progress: Progress, actor: Actor, *, held: str, crs: str = "", layer: str = "", on: str = "", **use: str
) -> Output:
    """Ask about every row of a layer, uploaded or of the desk; the batch is found through the actor's scope again."""
    found = kept.batch_called(actor, held)
    if found is None:
        raise Refusal(_("这次批量核查已不在您的权限范围内。"))
    order = Order(found.title, found.act, date.fromisoformat(on), use.get("use", ""), use.get("scheme", ""))
    with tempfile.TemporaryDirectory() as folder:
        path = _laid_down(found, layer, Path(folder), actor)
        heard: list[str] = []
        rows = grounds.rows_of(path, path.name, crs, layer=use.get("file_layer", ""), tell=heard.append)
        made = batch.run(
            found, order, rows, by=actor, at=clock.now(),
            step=lambda done, total: progress.step(done, total, _("核查")), heard=heard,
        )  # fmt: skip
    table = files.uses_of(made).get(kind=batch.TABLE)
    page = reverse("kit:record", args=["gate-batches", str(made.uid)])
    return Output({"counts": made.counts, "shown_at": page}, (table.name, files.read(table)))


def _laid_down(found: GateBatch, layer: str, folder: Path, actor: Actor) -> Path:
    """The layer as a file: that which was uploaded, or one of the desk as the actor sees it."""
    if layer:
        path = folder / f"{layer}.gpkg"
        exporting.export(targets.named(actor, layer, found.on), path)
        return path
    use = files.uses_of(found).get(kind=batch.LAYER)
    path = folder / use.name
    path.write_bytes(files.read(use))
    return path

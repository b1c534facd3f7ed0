"""Jobs of GIS files: reading a brought file, laying two collections over each other."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from soildesk.core.jobs import Output, Progress, job
from soildesk.kit.gis import asked as memory
from soildesk.kit.gis import loading, overlaying
from soildesk.kit.gis.targets import named, target
from soildesk.kit.models import ImportBatch

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor


@job("kit.gis_load", title=gettext_lazy("读取图形数据"))
def load_file(progress: Progress, actor: Actor, *, batch: str) -> Output:
    """Read a brought file; the permission to write into its collection is asked for again."""
    held = ImportBatch.objects.select_related("file__attachment").get(uid=batch, by=actor.person)
    read(held, actor, progress)
    return Output(
        {"batch": batch, **{fate: held.counts.get(fate, 0) for fate in ("new", "changed", "same", "refused")}}
    )


def read(batch: ImportBatch, actor: Actor, progress: Progress | None = None) -> ImportBatch:
    """Read a brought file here and now; where it cannot be read, the file stays to be asked about again."""
    asked = memory.from_json(batch.options)
    wanted = target(actor, batch.collection, asked.since or actor.today)
    batch = loading.adopted(batch)
    known = loading.understood(wanted, loading.kept_file(batch), asked)

    def step(done: int, total: int | None) -> None:
        if progress is not None:
            progress.step(done, total, _("读取图形"))

    return loading.load(batch, wanted, known, step, keep=True)


@job("kit.overlay", title=gettext_lazy("叠加分析"))
def overlay(progress: Progress, actor: Actor, *, a: str, b: str, on: str) -> Output:
    """The table of areas of one collection under another, as its owner sees them today."""
    day = date.fromisoformat(on)
    table = overlaying.laid_over(named(actor, a, day), named(actor, b, day), progress_of(progress))
    return Output(table.as_json(), (f"{overlaying.title_of(table)}.xlsx", overlaying.as_xlsx(table)))


def progress_of(progress: Progress) -> overlaying.Step:
    """A job's progress as a step."""
    return lambda done, total: progress.step(done, total, _("叠加"))

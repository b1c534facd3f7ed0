"""Jobs of the front `maps`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.jobs import Output, Progress, job
from soildesk.maps.sheetfile import Kind, sheet_file
from soildesk.maps.sheetpages import wanted_of

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor


@job("maps.sheet", title=gettext_lazy("打印图幅"))
def print_sheet(progress: Progress, actor: Actor, *, query: str, on: str, kind: Kind) -> Output:
    """Make one sheet; the layers are looked at anew with the rights of today."""
    wanted = wanted_of(actor, date.fromisoformat(on), QueryDict(query))
    if wanted is None:
        raise Refusal(_("没有可打印的内容：图层已不可见或没有数据。"), code="maps.sheet.empty")
    progress.step(0, 1, _("绘制图幅"))
    data = sheet_file(wanted, kind, at=clock.now())
    progress.step(1, 1)
    return Output(
        {"layers": [layer.name for layer in wanted.layers]}, (f"{wanted.title}_{wanted.on:%Y%m%d}.{kind}", data)
    )

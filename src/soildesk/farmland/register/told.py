"""The record page of a small fact that was told: who told it, its papers, how it is put right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor
from soildesk.enterprises.register.records import stopped
from soildesk.farmland.services.telling import Telling
from soildesk.kit.faces import RecordPage
from soildesk.kit.parts import Act, Chip, Event, Fact
from soildesk.kit.register import Row

More = Callable[[Row], tuple[Sequence[Chip], Sequence[Fact]]]


def told_page(telling: Telling, kind: str, more: More) -> Callable[[Actor, Row, date], RecordPage]:
    """The page of a row of one table; `more` gives its verdict; taking back is a page of the room."""

    def page(actor: Actor, row: Row, on: date) -> RecordPage:
        held: Any = telling.model._default_manager.select_related("recorded_by").get(pk=row["pk"])
        chips, facts = more(row)
        back = reverse("farmland:told_back", args=[kind, held.uid])
        why = stopped(actor, telling.permission, held)
        by = held.recorded_by.name if held.recorded_by else ""
        return RecordPage(
            chips=chips,
            facts=facts,
            acts=[Act(_("撤销"), back, "slash-circle", danger=True, stopped_by=why)],
            history=[Event(held.recorded_at, by, _("更正") if held.reason else _("登记"), held.reason or held.note)],
        )

    return page

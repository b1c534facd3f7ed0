"""What the record pages of safe use share: papers, taking back, history, the units a row speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import files
from soildesk.core.permissions import Actor
from soildesk.farmland.models import Unit, UnitVersion
from soildesk.farmland.models.told import Told
from soildesk.farmland.services.keeping import Subject
from soildesk.kit.faces import RecordPage
from soildesk.kit.parts import Act, Chip, Event, Fact, Step
from soildesk.plots.register.records import file_part, stopped

Links = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Kept:
    """How rows of one table are kept: their subject, their collection, what a paper of theirs is and is called."""

    subject: Subject
    collection: str
    paper: str = ""
    paper_act: str = ""


PAPERS = {
    "approval": _l("批复文件"), "announcement": _l("公告"), "sign": _l("标识照片"), "ended": _l("解除文件"),
    "report": _l("报告"), "evaluation": _l("效果评估报告"), "plan": _l("方案"), "recommended": _l("列入依据"),
}  # fmt: skip
"""What a paper of safe use is, by its kind."""
KEPT: dict[str, Kept] = {}
"""The tables of safe use, by the name of their collection."""


def keep(kept: Kept) -> Kept:
    """Make a table known to the pages of papers and of taking back."""
    KEPT[kept.collection] = kept
    return kept


def page(
    actor: Actor,
    row: Told,
    kept: Kept,
    *,
    chips: Sequence[Chip] = (),
    facts: Sequence[Fact] = (),
    acts: Sequence[Act] = (),
    related: Sequence[tuple[str, str]] = (),
    history: Sequence[Event] = (),
    life: Sequence[Step] = (),
) -> RecordPage:
    """The page of one row with its papers and the act that takes it back; `acts` stand before them."""
    gone = _("这条记录已经撤销。") if row.superseded_at else ""
    no = stopped(actor, kept.subject.permission, row) or gone
    own = list(acts)
    if kept.paper:
        url = reverse("farmland:use_paper", args=[kept.collection, row.uid])
        own.append(Act(kept.paper_act, url, "paperclip", primary=not own, stopped_by=no))
    back = reverse("farmland:use_back", args=[kept.collection, row.uid])
    own.append(Act(_("撤销"), back, "slash-circle", danger=True, stopped_by=no))
    who = row.recorded_by.name if row.recorded_by else ""
    return RecordPage(
        chips=chips,
        life=life,
        facts=facts,
        acts=own,
        files=[file_part(use, str(PAPERS.get(use.kind, _("佐证")))) for use in files.uses_of(row)],
        history=[Event(row.recorded_at, who, _("登记"), row.note), *history],
        related=list(related),
    )


def unit_links(actor: Actor, units: Iterable[Unit], most: int = 12) -> Links:
    """The pages of those units the actor sees; of many the first."""
    seen = UnitVersion.objects.visible_to(actor).filter(unit__in=[one.pk for one in units])
    found = sorted({one.unit for one in seen.select_related("unit").defer("geometry")}, key=lambda one: one.number)
    return [
        (_("单元 %(number)s") % {"number": one.number}, reverse("kit:record", args=["farmland_units", str(one.uid)]))
        for one in found[:most]
    ]


def links(technique: Any = None, plan: Any = None) -> Links:
    """The technique and the plan of a measure."""
    found: Links = []
    if technique is not None:
        found.append((technique.name, reverse("kit:record", args=["techniques", str(technique.uid)])))
    if plan is not None:
        found.append((plan.title, reverse("kit:record", args=["use_plans", str(plan.uid)])))
    return found

"""What changed since an answer was given, in words: all of it for the desk, only what kind it is for the public."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.decisions.models import GateQuery
from soildesk.decisions.queries import kept
from soildesk.decisions.queries.outdated import Changed, changes
from soildesk.plots.services.events import words_of


@dataclass(frozen=True, slots=True)
class Outdated:
    """An answer that is out of date: since when, and what changed."""

    since: date
    told: list[str]


def outdated(query: GateQuery, *, public: bool = False) -> Outdated | None:
    """Since when an answer is out of date and by what; None while it stands."""
    found = changes(query, clock.today())
    if not found:
        return None
    words = [_in_public(one) if public else _in_full(one) for one in found]
    return Outdated(found[0].on, list(dict.fromkeys(words)))


def on_paper(query: GateQuery) -> list[str]:
    """What a paper printed today says on top of an answer that does not stand any more: as whoever verifies it is told."""
    told: list[str] = []
    if found := outdated(query, public=True):
        values = {"today": clock.today(), "day": found.since}
        told = [
            _(
                "本单于 %(today)s 打印时已过时：自 %(day)s 以来，这块地或者适用的标准、规定有变化，请以重新核查的结果为准。"
            )
            % values,
            *found.told,
        ]
    if later := kept.followed_by(query):
        numbers = "、".join(f"{one.number}（{clock.local_day(one.asked_at)}）" for one in later)
        told.append(_("这次核查之后又作过核查，请以最近一次为准：%(numbers)s。") % {"numbers": numbers})
    return told


def _in_full(one: Changed) -> str:
    plot = one.plot or _("这块地上的地块")
    values = {"day": one.on, "word": one.word, "plot": plot}
    match one.what:
        case "event":
            return _("%(day)s：%(plot)s，%(event)s") % {**values, "event": words_of(one.word)}
        case "taken_back":
            return _("%(day)s：%(plot)s，撤销了误登的“%(event)s”") % {**values, "event": words_of(one.word)}
        case "aftercare":
            return _("%(day)s：%(plot)s，后期管理报告《%(word)s》") % values
        case "plot_new":
            return _("%(day)s：新登记了地块“%(plot)s”") % values
        case "plot_drawn":
            return _("%(day)s：地块“%(plot)s”的范围重新划定") % values
        case "plot_ended":
            return _("%(day)s：地块“%(plot)s”终止") % values
    return _in_public(one)


def _in_public(one: Changed) -> str:
    """What the paper does not say of plots is not told to whoever holds it."""
    values = {"day": one.on, "word": one.word}
    match one.what:
        case "split":
            return _("%(day)s：宗地分割") % values
        case "merge":
            return _("%(day)s：宗地合并") % values
        case "boundary":
            return _("%(day)s：宗地界线调整") % values
        case "standard":
            return _("%(day)s：标准更新为《%(word)s》") % values
        case "law":
            return _("%(day)s：《%(word)s》的规定开始适用") % values
    return _("%(day)s：地块的登记有变化（阶段、名单名录、报告或者范围）") % values

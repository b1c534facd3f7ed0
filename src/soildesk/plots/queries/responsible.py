"""Who must act on a plot, by the law in force on a day and by what is said of the plot; never by a plan's sentence."""

from __future__ import annotations

from datetime import date

from soildesk.plots.models import PlotVersion
from soilrules.plots.responsible import Liable, Responsible, Situation, Task, responsible

State = PlotVersion.Responsible
LIABLE = {
    State.KNOWN: Liable.KNOWN,
    State.SUCCESSION: Liable.KNOWN,
    State.NOT_IDENTIFIABLE: Liable.NOT_IDENTIFIABLE,
    State.DISPUTED: Liable.DISPUTED,
}


def situation_of(version: PlotVersion, on: date) -> Situation:
    """What is known of a plot and its parties on a day; what nobody told is not known."""
    state = version.responsible_state
    known = {State.KNOWN: False, State.SUCCESSION: True}
    return Situation(
        recalled=_recalled(version, on),
        liable=LIABLE.get(State(state)) if state else None,
        former_holder_liable=_former_holder_liable(version, on),
        succeeded=known.get(State(state)) if state else None,
    )


def acting(version: PlotVersion, on: date) -> list[Responsible]:
    """Who must survey, and who must control and remediate."""
    situation = situation_of(version, on)
    return [responsible(situation, task, on) for task in Task]


def _recalled(version: PlotVersion, on: date) -> bool | None:
    """Recalled where a day or a holder that is the government says so; not, where somebody else holds it."""
    if version.recalled_on:
        return version.recalled_on <= on
    if not version.holder_kind:
        return None
    return version.holder_kind == PlotVersion.HolderKind.GOVERNMENT


def _former_holder_liable(version: PlotVersion, on: date) -> bool | None:
    """Whether the liable party held the land before it was recalled, as far as the versions of the plot say."""
    rows = PlotVersion.objects.filter(superseded_at=None, plot=version.plot_id, since__lte=version.recalled_on or on)
    private = rows.exclude(holder="").exclude(holder_kind=PlotVersion.HolderKind.GOVERNMENT)
    holders = {(one.holder, one.holder_code) for one in private}
    liable = {version.responsible, version.responsible_person} - {""}
    if not liable or not holders:
        return None
    return any(name in liable or (code and code == version.responsible_code) for name, code in holders)

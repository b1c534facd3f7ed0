"""Rows the measures of this room count: polluted plots put to new use, land changed to sensitive use, surveys owed, the roster."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from soildesk.kit.passes import once_a_pass
from soildesk.monitoring.measuring import Asked, of_place
from soildesk.plots.models import Membership, PlotEvent, PlotStage, PlotVersion
from soildesk.plots.queries import violations
from soildesk.plots.queries.stages import counts, events_of
from soildesk.plots.queries.violations import Kept
from soilrules.gate.uses import read_use, schemes
from soilrules.indicators.key_construction_land_safe_use_rate import Violation
from soilrules.plots.lists import ListKey
from soilrules.plots.state import EventKind as E

POLLUTED = (PlotStage.Stage.S2, PlotStage.Stage.S3, PlotStage.Stage.S4, PlotStage.Stage.S5, PlotStage.Stage.S6)
"""Stages of ground that a survey found above the value."""
OWES = frozenset({E.SUSPECTED_LISTED, E.SURVEY_REQUIRED, E.NOTICE_SERVED, E.REOPENED})
UNTOLD = Violation(None, None)
"""A use that began too early, of which nobody wrote down whether it was punished or put right."""
SURVEYED = frozenset({E.PRELIMINARY_WITHIN, E.PRELIMINARY_EXCEEDS})
WITHIN = frozenset({E.PRELIMINARY_WITHIN, E.DETAILED_WITHIN, E.CARRIED_WITHIN})
ASSESSED = frozenset({
    E.ASSESSED_NO_CONTROL, E.ASSESSED_CONTROL, E.ASSESSED_REMEDIATION, E.ASSESSED_BOTH, E.CARRIED_NO_CONTROL, E.CARRIED_REMOVED,
})  # fmt: skip
FOLLOWED = WITHIN | ASSESSED
"""What ends the looking into a plot: it is within the limits, or its risk is assessed."""
OPEN_AGAIN = frozenset({E.PRELIMINARY_EXCEEDS, E.DETAILED_EXCEEDS, E.REOPENED})


@dataclass(frozen=True, slots=True)
class Used:
    """One plot: whether its use is as it may be (None: nobody can say), on how many square metres, and why."""

    version: PlotVersion
    good: bool | None
    area_m2: Decimal
    note: str
    violations: Sequence[Violation] = ()


@dataclass(frozen=True, slots=True)
class Owed:
    """One plot that owed a survey, and whether it was passed."""

    version: PlotVersion
    done: bool
    note: str


def polluted_used(asked: Asked) -> list[Used]:
    """Plots once found polluted that were put to new use from the plan's start up to the day; without that fact, unknown."""
    found = []
    held, told, listed = _stages(asked), _events(asked), _once_listed(asked)
    for plot, versions in _versions(asked).items():
        stages, events = held.get(plot, ()), told.get(plot, ())
        if not any(one.stage in POLLUTED for one in stages) and plot not in listed:
            continue
        last = versions[-1]
        begun = next((one.since for one in versions if one.developed), None)
        if last.developed is None and begun is None:
            found.append(Used(last, None, _area(last), _("没有登记是否已开发利用")))
        elif begun is not None and begun >= _start(asked):
            found.append(_used(last, begun, stages, events))
    return found


def held_in_year(asked: Asked) -> bool:
    """Whether any plot of the place stood in the register by the end of the year asked for."""
    return any(held[0].since.year <= asked.year for held in _versions(asked).values())


def sensitive_changed(asked: Asked) -> list[Used]:
    """Plots whose use was changed to housing or public use in the year."""
    found = []
    held, told = _stages(asked), _events(asked)
    for plot, versions in _versions(asked).items():
        for before, after in zip([None, *versions], versions, strict=False):
            if after.since.year != asked.year or _sensitive(after) is not True:
                continue
            was = _sensitive(before) if before is not None else None
            if was is not True and before is not None:
                found.append(_used(after, after.since, held.get(plot, ()), told.get(plot, ())))
    kept = violations.kept_of(asked, [one.version for one in found])
    return [_with_kept(one, kept.get(one.version.plot.number, ())) for one in found]


def _with_kept(one: Used, kept: Sequence[Kept]) -> Used:
    """The plot with what the list of problems keeps of it; that stands for a violation nobody had written down."""
    if not kept:
        return one
    told = [each for each in one.violations if each != UNTOLD]
    names = "、".join(each.number for each in kept)
    note = _("%(note)s；问题清单 %(numbers)s") % {"note": one.note, "numbers": names}
    return replace(one, good=False, note=note, violations=[*told, *(each.violation for each in kept)])


@once_a_pass(of_place)
def surveys_owed(asked: Asked) -> list[Owed]:
    """Plots that owed a preliminary survey by the day; what was dismissed since owes none."""
    found = []
    told = _events(asked)
    for plot, versions in _versions(asked).items():
        since: date | None = None
        done: PlotEvent | None = None
        for event in told.get(plot, ()):
            if event.kind in OWES:
                since, done = since if since and not done else event.on, None
            elif event.kind == E.SUSPICION_DISMISSED:
                since, done = None, None
            elif event.kind in SURVEYED and since:
                done = event
        if since is not None:
            note = (
                _("%(day)s 评审通过") % {"day": done.on}
                if done
                else _("%(day)s 起应当调查，没有通过评审的报告") % {"day": since}
            )
            found.append(Owed(versions[-1], done is not None, note))
    return found


def high_risk(asked: Asked) -> list[Owed]:
    """Plots screened as of high risk: done are those cleared by a survey, or found above the value and assessed."""
    told = _events(asked)
    found = []
    for plot, versions in _versions(asked).items():
        if not versions[-1].high_risk:
            continue
        last = next((one for one in reversed(told.get(plot, ())) if one.kind in FOLLOWED | OPEN_AGAIN), None)
        done = last if last and last.kind in FOLLOWED else None
        found.append(Owed(versions[-1], done is not None, _followed_by(done)))
    return found


def _followed_by(done: PlotEvent | None) -> str:
    if done is None:
        return _("风险较高，没有评审通过的调查结论或风险评估")
    return (_("%(day)s 调查未超标") if done.kind in WITHIN else _("%(day)s 完成风险评估")) % {"day": done.on}


@once_a_pass(of_place)
def roster_stays(asked: Asked) -> list[Membership]:
    """Every stay on the roster of risk control and remediation that had begun by the day."""
    rows = Membership.objects.filter(
        list_key=str(ListKey.ROSTER), since__lte=asked.on, division_path__startswith=asked.division.path
    )
    return list(_known(rows, asked).select_related("plot", "notice", "notice_out").order_by("since", "id"))


@once_a_pass(lambda stays: tuple(one.plot_id for one in stays))
def names_of(stays: Sequence[Membership]) -> dict[int, str]:
    """What the plots of stays are called."""
    rows = PlotVersion.objects.filter(superseded_at=None, plot__in=[one.plot_id for one in stays]).order_by("since")
    return dict(rows.values_list("plot_id", "name"))


def _used(version: PlotVersion, begun: date, stages: Sequence[PlotStage], events: Sequence[PlotEvent]) -> Used:
    """Whether a plot was clear on the day its use began, and every violation found on it."""
    held = next((one for one in reversed(stages) if counts(one, begun)), None)
    told = _violations(events)
    area = _area(version)
    if told:
        return Used(version, False, area, _("登记有违规：%(day)s 起用") % {"day": begun}, told)
    if held is None:
        return Used(version, None, area, _("%(day)s 起用，当时没有调查等阶段的记录") % {"day": begun})
    if held.exit:
        return Used(
            version, True, area, _("%(day)s 起用，当时已经%(exit)s") % {"day": begun, "exit": held.get_exit_display()}
        )
    words = {"day": begun, "stage": held.get_stage_display()}
    return Used(version, False, area, _("%(day)s 起用，当时还在%(stage)s阶段") % words, (UNTOLD,))


def _violations(events: Sequence[PlotEvent]) -> list[Violation]:
    """The violations found; one that is settled is put right, and punished where the settling names its document."""
    settled = {str(one.data.get("violation")): one for one in events if one.kind == E.VIOLATION_SETTLED}
    found = [str(one.data.get("violation")) for one in events if one.kind == E.VIOLATION_FOUND]
    return [
        Violation(punished=bool(settled[one].document) or None, rectified=True)
        if one in settled
        else Violation(None, False)
        for one in dict.fromkeys(found)
    ]


def _sensitive(version: PlotVersion) -> bool | None:
    if not version.use_now:
        return None
    scheme = version.use_system if version.use_system in schemes() else ""
    return read_use(version.use_now, scheme).sensitive(version.since)


@once_a_pass(of_place)
def _versions(asked: Asked) -> dict[int, list[PlotVersion]]:
    """The versions of the plots of the place up to the day, in their order; those ended by then are left out."""
    rows = PlotVersion.objects.visible_to(asked.actor).filter(
        division_path__startswith=asked.division.path, since__lte=asked.on
    )
    found: dict[int, list[PlotVersion]] = defaultdict(list)
    for one in _known(rows, asked).select_related("plot").order_by("plot__number", "since"):
        found[one.plot_id].append(one)
    return {plot: held for plot, held in found.items() if counts(held[-1], asked.on)}


@once_a_pass(of_place)
def _stages(asked: Asked) -> Mapping[int, list[PlotStage]]:
    """The stages of each plot of the place, in their order."""
    rows = PlotStage.objects.filter(plot__in=list(_versions(asked)), since__lte=asked.on)
    found: dict[int, list[PlotStage]] = defaultdict(list)
    for one in _known(rows, asked).order_by("since", "id"):
        found[one.plot_id].append(one)
    return found


@once_a_pass(of_place)
def _events(asked: Asked) -> Mapping[int, list[PlotEvent]]:
    """The events of each plot of the place, in their order."""
    found: dict[int, list[PlotEvent]] = defaultdict(list)
    for one in events_of(_versions(asked), asked.known).filter(on__lte=asked.on):
        found[one.plot_id].append(one)
    return found


@once_a_pass(of_place)
def _once_listed(asked: Asked) -> set[int]:
    """The plots of the place that ever stood on the list of polluted ones."""
    rows = Membership.objects.filter(
        plot__in=list(_versions(asked)), list_key=str(ListKey.POLLUTED), since__lte=asked.on
    )
    return set(_known(rows, asked).values_list("plot_id", flat=True))


def _known(rows: Any, asked: Asked) -> Any:
    """What was known by the moment asked for."""
    open_ = Q(superseded_at__isnull=True) | Q(superseded_at__gte=asked.known)
    return rows.filter(open_, recorded_at__lt=asked.known)


def _start(asked: Asked) -> date:
    return asked.subject.plan.period_start or date(asked.year, 1, 1)


def _area(version: PlotVersion) -> Decimal:
    return Decimal(str(round(version.area_m2, 2)))

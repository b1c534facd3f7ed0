"""Stages and stays on lists as the events of a plot say: what stands is compared, what differs is written anew.

Part of the acts of `events`, and of nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from soildesk.core.permissions import Actor
from soildesk.plots.lifefacts import event_of
from soildesk.plots.models import Membership, Plot, PlotEvent, PlotStage, PlotVersion
from soilrules.plots.life import History, replay
from soilrules.plots.state import Stage

Row = dict[str, Any]


def place(
    plot: Plot, version: PlotVersion | None, events: Sequence[PlotEvent], *, by: Actor, at: datetime, why: str
) -> None:
    """Make stages and stays those that the events give."""
    if version is None:
        return
    history = replay([event_of(one) for one in events])
    by_id = {str(one.pk): one for one in events}
    where = {
        "division_path": version.division_path,
        "owner_department_id": version.owner_department_id,
        "plot_id": plot.pk,
    }
    written = {"recorded_at": at, "recorded_by": by.person, "reason": why[:300]}
    _fit(PlotStage, plot, stage_rows(history, by_id), {**where, **written})
    _fit(Membership, plot, stay_rows(history, by_id), {**where, **written})


def stage_rows(history: History, events: dict[str, PlotEvent]) -> list[Row]:
    """The stages of a plot, one row for each stretch of days in one stage."""
    by_day: dict[Any, tuple[Any, PlotEvent | None]] = {}
    stage: Any = None
    for step in history.steps:
        if step.refused is not None:
            continue
        now = (step.after.stage, step.after.exit)
        if now != stage:
            by_day[step.event.on] = (now, events.get(step.event.id))
        stage = now
    found: list[Row] = []
    for on, ((at, left_by), event) in sorted(by_day.items(), key=lambda pair: pair[0]):
        if found:
            found[-1]["until"] = on
        found.append(_stage_row(on, str(at), str(left_by or ""), event))
    return [row for row in _joined(found) if row["stage"] != Stage.OUTSIDE]


def _stage_row(on: Any, stage: str, exit_by: str, event: PlotEvent | None) -> Row:
    covered = event.covered if event is not None and exit_by else None
    pk = event.pk if event else None
    return {"since": on, "until": None, "stage": stage, "exit": exit_by, "event_id": pk, "covered": covered}


def _joined(rows: list[Row]) -> list[Row]:
    """Two stretches of the same stage, between which a day began and ended elsewhere, are one."""
    found: list[Row] = []
    for row in rows:
        if found and (found[-1]["stage"], found[-1]["exit"]) == (row["stage"], row["exit"]):
            found[-1]["until"] = row["until"]
            continue
        found.append(row)
    return found


def stay_rows(history: History, events: dict[str, PlotEvent]) -> list[Row]:
    """The stays on lists, each from the event that entered to the one that left; a stay of no day is none."""
    found = []
    for stay in history.stays:
        if stay.until == stay.since:
            continue
        entered, left = events[stay.entered.id], events[stay.left.id] if stay.left else None
        found.append(
            {
                "since": entered_on(entered),
                "until": stay.until,
                "list_key": str(stay.list_key),
                "event_id": entered.pk,
                "event_out_id": left.pk if left else None,
                "notice_id": entered.notice_id,
                "notice_out_id": left.notice_id if left else None,
                "reason_in": entered.note[:300],
                "reason_out": left.note[:300] if left else "",
            }
        )
    return found


def entered_on(event: PlotEvent) -> date:
    """The day a stay begins: that of its event, or the earlier one the national system's record tells."""
    told = event.data.get("listed_on")
    return date.fromisoformat(told) if told else event.on


def _fit(model: Any, plot: Plot, wanted: Sequence[Row], with_: Row) -> None:
    """Rows that say what is wanted stay; others are superseded, and what is new is written."""
    held = list(model.objects.select_for_update().filter(plot=plot, superseded_at=None))
    keys = {_key(row): row for row in wanted}
    gone = [
        one.pk
        for one in held
        if keys.pop(_key({name: getattr(one, name) for name in wanted_names(model)}), None) is None
    ]
    if gone:
        model.objects.filter(pk__in=gone).update(superseded_at=with_["recorded_at"])
    model.objects.bulk_create([model(**with_, **row) for row in keys.values()])


def wanted_names(model: Any) -> tuple[str, ...]:
    """What a row of the model is compared by."""
    return STAGE_NAMES if model is PlotStage else STAY_NAMES


STAGE_NAMES = ("since", "until", "stage", "exit", "event_id", "covered")
STAY_NAMES = (
    "since", "until", "list_key", "event_id", "event_out_id", "notice_id", "notice_out_id", "reason_in", "reason_out",
)  # fmt: skip


def _key(row: Row) -> tuple[Any, ...]:
    return tuple(value.wkb if name == "covered" and value is not None else value for name, value in row.items())

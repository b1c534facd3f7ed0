"""Lists as of any day: which plots stand on them by which notice or event, and what the public may read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from soildesk.core.models import Division
from soildesk.core.permissions import READERS, Actor
from soildesk.plots.models import ListNotice, Membership, PlotVersion
from soilrules.bases import Basis
from soilrules.plots.lists import ListKey, plot_lists

PUBLIC = (ListKey.POLLUTED, ListKey.ROSTER)
"""The lists that are published by law."""
BELOW_COUNTY = (Division.Level.TOWN, Division.Level.VILLAGE)
PLOT_FIELDS = ("name", "code", "location", "risk_level", "pollutants")


@dataclass(frozen=True, slots=True)
class OnList:
    """One plot on a list: its stay, and what was said of it on that day (None where nothing was)."""

    stay: Membership
    plot: PlotVersion | None
    division: str

    @property
    def name(self) -> str:
        """What it was called."""
        return self.plot.name if self.plot else str(self.stay.plot.number)

    @property
    def code(self) -> str:
        """Its code in the national system."""
        return self.plot.code if self.plot else ""

    @property
    def lot(self) -> str:
        """The lot of the notice by which it came onto the list."""
        return str(self.stay.notice.lot) if self.stay.notice else ""

    @property
    def document(self) -> str:
        """The number by which it came onto the list."""
        return str(self.stay.notice.number if self.stay.notice else self.stay.event.document)


def stays(actor: Actor | None, on: date, known_on: datetime | None = None) -> QuerySet[Membership]:
    """Stays on lists that count on a day, with what was said of the plot on that day."""
    rows = Membership.objects.visible_to(actor).standing(on, known_on)
    then = PlotVersion.objects.standing(on, known_on).filter(plot=OuterRef("plot"))
    named = {name: Subquery(then.values(name)[:1]) for name in PLOT_FIELDS}
    town = Division.objects.filter(path=OuterRef("division_path")).order_by("-since").values("name")[:1]
    return rows.annotate(town=Subquery(town), document=F("event__document"), authority=F("event__authority"), **named)


@dataclass(frozen=True, slots=True)
class Move:
    """A plot put on a list, or taken off it, on a day."""

    uid: str
    name: str
    list_key: str
    on: date
    entered: bool


def moves(actor: Actor, since: date, until: date) -> list[Move]:
    """What came on a list or left one from a day to a day, both counted, the latest first."""
    moved = Q(since__range=(since, until)) | Q(until__range=(since, until))
    rows = Membership.objects.visible_to(actor).filter(moved, superseded_at=None).select_related("plot")
    found = list(rows.order_by("list_key", "pk"))
    pairs = [(one, True) for one in found if since <= one.since <= until]
    pairs += [(one, False) for one in found if one.until is not None and since <= one.until <= until]
    then = PlotVersion.objects.standing(until).filter(plot__in={one.plot_id for one, _in in pairs})
    names = dict(then.values_list("plot_id", "name"))
    found = [
        Move(
            str(one.plot.uid), names.get(one.plot_id, one.plot.number), one.list_key, one.since if entered else one.until, entered
        )
        for one, entered in pairs
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.on, reverse=True)


@dataclass(frozen=True, slots=True)
class Standing:
    """A plot off the roster since a day that still stands on the list of polluted plots."""

    uid: str
    name: str
    since: date


def polluted_bases(on: date) -> tuple[Basis, ...]:
    """What the list of polluted plots stands on."""
    return plot_lists()[ListKey.POLLUTED].bases_on(on)


def left_standing(actor: Actor, on: date) -> list[Standing]:
    """Plots that wait for their notice: the province took them off the roster, and they stand on the list of polluted plots.

    The two lists are kept by two offices by two rules: leaving the one is no leaving of the other.
    """
    of_roster = Membership.objects.filter(superseded_at=None, plot=OuterRef("plot"), list_key=ListKey.ROSTER)
    removed = of_roster.filter(until__lte=on, event_out__kind="removal_decided")
    rows = Membership.objects.visible_to(actor).standing(on).filter(list_key=ListKey.POLLUTED)
    rows = rows.filter(Exists(removed)).exclude(
        Exists(of_roster.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on))
    )
    rows = rows.annotate(removed_on=Subquery(removed.order_by("-until").values("until")[:1])).select_related("plot")
    found = list(rows.order_by("removed_on", "pk"))
    then = PlotVersion.objects.standing(on).filter(plot__in=[one.plot_id for one in found])
    names = dict(then.values_list("plot_id", "name"))
    return [Standing(str(one.plot.uid), names.get(one.plot_id, one.plot.number), one.removed_on) for one in found]


def notices(actor: Actor | None, on: date) -> QuerySet[ListNotice]:
    """Notices decided up to a day, with how many plots they put on their list and took off it."""
    rows = ListNotice.objects.visible_to(actor).filter(decided_on__lte=on)
    entered = Count("entered", filter=Q(entered__superseded_at=None), distinct=True)
    left = Count("left", filter=Q(left__superseded_at=None), distinct=True)
    return rows.annotate(entries=entered, leavings=left)


def list_on(
    key: str, actor: Actor | None, on: date, known_on: datetime | None = None, *, rows: QuerySet[Membership] | None = None
) -> list[OnList]:  # fmt: skip
    """A list as it was on a day, as known now or at a moment; in the order of plots' numbers."""
    seen = Membership.objects.visible_to(actor).standing(on, known_on) if rows is None else rows
    related = ("plot", "event", "event_out", "notice", "notice_out")
    found = list(seen.filter(list_key=key).select_related(*related).order_by("plot__number", "since"))
    held = PlotVersion.objects.standing(on, known_on).filter(plot__in=[one.plot_id for one in found])
    said = {one.plot_id: one for one in held.select_related("plot")}
    places = _names({one.division_path for one in found} | {one.division_path for one in said.values()})
    return [_on_list(one, said.get(one.plot_id), places) for one in found]


def _on_list(stay: Membership, plot: PlotVersion | None, places: dict[str, str]) -> OnList:
    return OnList(stay, plot, places.get((plot or stay).division_path, ""))


def area_of(actor: Actor) -> tuple[str, bool]:
    """The places an actor reads lists of, by name, and whether a list of the county is told as a whole to him."""
    reading = [grant.division for grant in actor.grants if grant.role in READERS]
    paths = {one.path for one in reading}
    topmost = {
        one.path: one for one in reading if not any(one.path != path and one.path.startswith(path) for path in paths)
    }
    whole = actor.system or any(one.level not in BELOW_COUNTY for one in topmost.values())
    return "、".join(one.name for one in topmost.values()), whole


def unpublished(key: str, on: date, place: str) -> int:
    """How many stand on a list of a day that the public does not read: no notice of them is registered as published."""
    rows = Membership.objects.standing(on).filter(division_path__startswith=place, list_key=key)
    return int(rows.exclude(notice__published_on__lte=on).count()) if key in PUBLIC else 0


def published(key: str, on: date, place: str) -> list[OnList]:
    """What the public reads of a list that is published by law: those put on it by notices published by the day."""
    if key not in PUBLIC:
        return []
    rows = Membership.objects.standing(on).filter(division_path__startswith=place, notice__published_on__lte=on)
    return list_on(key, None, on, rows=rows)


def overview(actor: Actor, on: date) -> list[dict[str, Any]]:
    """Each list: how many stand on it, and its newest notice."""
    stands = Membership.objects.visible_to(actor).standing(on)
    counts = dict(stands.values_list("list_key").annotate(Count("id")).order_by())
    ever = set(Membership.objects.visible_to(actor).values_list("list_key", flat=True).distinct())
    newest: dict[str, ListNotice] = {}
    for notice in ListNotice.objects.visible_to(actor).filter(since__lte=on).order_by("since", "id"):
        newest[notice.list_key] = notice
    return [
        {"list": held, "count": counts.get(key, 0), "notice": newest.get(key), "told": key in newest or key in ever}
        for key, held in plot_lists().items()
    ]


def _names(paths: set[str]) -> dict[str, str]:
    return dict(Division.objects.filter(path__in=paths).order_by("since").values_list("path", "name"))

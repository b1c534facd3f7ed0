"""Acts on lists: register the notice of the authority that decides, and write down what it does to plots.

Nobody here decides who stands on a list: a plot enters and leaves by an event that carries the notice, its number and paper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, files
from soildesk.core.models import FileUse
from soildesk.core.permissions import Actor, require
from soildesk.enterprises.sentences import language, said
from soildesk.land.services.writing import Place, refuse_future
from soildesk.plots.lifefacts import cited
from soildesk.plots.models import ListNotice, Plot, PlotEvent
from soildesk.plots.queries.authorities import cities_of
from soildesk.plots.queries.next_steps import here
from soildesk.plots.refusals import ListRefused
from soildesk.plots.services import authorities, events
from soildesk.plots.services.events import Told
from soilrules.enterprises.lists import Level
from soilrules.plots.authorities import Named, line_asked
from soilrules.plots.lists import ListKey, PlotList, may_decide, plot_lists
from soilrules.plots.state import EventKind, Stage

FACTS = frozenset(
    {
        "list_key", "number", "title", "lot", "authority", "level", "acting_for", "authority_why", "decided_on",
        "published_on", "address", "since",
    }
)  # fmt: skip
NEEDED = ("number", "title", "authority")


@dataclass(frozen=True, slots=True)
class Moved:
    """One plot a notice names: put on its list, or taken off it, and why."""

    plot: Plot
    enters: bool
    reason: str = ""


@transaction.atomic
def register(facts: Mapping[str, Any], place: Place, *, by: Actor, at: datetime) -> ListNotice:
    """A notice, as it was decided elsewhere: number, days, authority. Its document is attached to it."""
    clean = check_new(facts, place, by=by)
    made = ListNotice.objects.create(**place.columns, **clean, recorded_at=at, recorded_by=by.person)
    data = {"list": made.list_key, "number": made.number, "since": made.since}
    data |= {"authority_why": made.authority_why} if made.authority_why else {}
    audit.record("plots.list.notice_registered", subject=made, by=by, at=at, data=data)
    return made


def check_new(facts: Mapping[str, Any], place: Place, *, by: Actor) -> dict[str, Any]:
    """The facts of a notice as they may be stored; refused where it may not be registered."""
    require(by, "plots.keep_lists", place.division)
    if unknown := sorted(set(facts) - FACTS):
        raise ListRefused(
            _("名单（名录）文件没有“%(names)s”这样的内容：请核对字段。") % {"names": "、".join(unknown)},
            code="plots.list.unknown_fact",
        )
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    clean |= {name: clean.get(name) or "" for name in ("lot", "acting_for", "authority_why", "address")}
    clean["since"] = clean.get("since") or clean.get("published_on") or clean.get("decided_on")
    kind = list_called(clean.get("list_key", ""))
    _check_words(clean)
    _check_days(clean, by)
    _check_level(kind, clean, place)
    _refuse_twice(clean, place)
    return clean


def list_called(key: str) -> PlotList:
    """The list of a key; refused where there is none."""
    if key not in list(ListKey):
        known = "、".join(f"{one.key}（{one.name(language())}）" for one in plot_lists().values())
        raise ListRefused(
            _("没有“%(key)s”这种名单、名录。可以用：%(known)s。") % {"key": key, "known": known},
            code="plots.list.unknown",
        )
    return plot_lists()[ListKey(key)]


def _check_words(clean: Mapping[str, Any]) -> None:
    titles = {"number": _("文号"), "title": _("标题"), "authority": _("发布机关")}
    for name in NEEDED:
        if not clean.get(name):
            raise ListRefused(
                _("没有填写%(what)s：名单、名录由有权机关决定，本级只登记，请照文件填写。") % {"what": titles[name]},
                code="plots.list.words",
            )
    if clean["address"] and not clean["address"].startswith(("http://", "https://")):
        raise ListRefused(
            _("公布网址“%(value)s”不是网址：应以 http:// 或 https:// 开头，没有就留空。") % {"value": clean["address"]},
            code="plots.list.words",
        )


def _check_days(clean: Mapping[str, Any], by: Actor) -> None:
    decided = clean.get("decided_on")
    if not decided:
        raise ListRefused(_("没有成文日期：请照文件填写。"), code="plots.list.days")
    for day in (decided, clean.get("published_on"), clean["since"]):
        if day:
            refuse_future(day, by, ListRefused, "plots.list.future")
            if day < decided:
                raise ListRefused(
                    _("公布或生效日期 %(day)s 早于成文日期 %(decided)s：请照文件核对。")
                    % {"day": day, "decided": decided},
                    code="plots.list.days",
                )


def _check_level(kind: PlotList, clean: Mapping[str, Any], place: Place) -> None:
    """The notice is one of an authority that decides this list; a branch decides in the name of the city's bureau."""
    if clean.get("level") not in list(Level):
        raise ListRefused(_("没有选择发布机关的层级：请照文件选择。"), code="plots.list.level")
    found = may_decide(kind.key, Level(clean["level"]), acting_level(clean["acting_for"]), on=clean["decided_on"])
    if not found.decides:
        articles = cited(found.bases)
        basis = _("（依据：%(articles)s）") % {"articles": "、".join(articles)} if articles else ""
        raise ListRefused(said(found.message) + basis, code="plots.list.level")
    authorities.refuse_unfit(
        Named(clean["authority"], Level(clean["level"]), clean["acting_for"], cities_of(place.division.path)),
        line_asked(kind.key),
        clean["authority_why"],
        _("机关核对说明"),
        bases=found.bases,
        refused=ListRefused,
        code="plots.list.authority",
    )


def acting_level(acting_for: str) -> Level | None:
    """In the name of which level an office acts: a branch in that of the city's bureau, or in its own."""
    return Level.CITY if acting_for.strip() else None


def _refuse_twice(clean: Mapping[str, Any], place: Place) -> None:
    rows = ListNotice.objects.filter(
        division_path=place.division.path, list_key=clean["list_key"], number=clean["number"]
    )
    same = rows.first()
    if same:
        raise ListRefused(
            _("“%(number)s”已登记为“%(title)s”（%(since)s 起生效）：请打开该文件办理。")
            % {"number": same.number, "title": same.title, "since": same.since},
            code="plots.list.twice",
        )


@transaction.atomic
def attach(notice: ListNotice, *, data: bytes, name: str, by: Actor, at: datetime) -> FileUse:
    """The document of a notice, as the authority published it."""
    require(by, "plots.keep_lists", notice)
    use = files.attach(notice, data=data, name=name, kind="notice", by=by, at=at)
    told = {"number": notice.number, "file": use.attachment.sha256}
    audit.record("plots.list.document_attached", subject=notice, by=by, at=at, data=told)
    return use


@transaction.atomic
def take_in(notice: ListNotice, moved: Sequence[Moved], *, by: Actor, at: datetime) -> list[PlotEvent]:
    """All plots a notice names, put on its list or taken off it: all of them or none."""
    require(by, "plots.keep_lists", notice)
    return [_move(notice, one, by, at) for one in moved]


def check_move(notice: ListNotice, moved: Moved, *, by: Actor) -> None:
    """Refused as `take_in` would; writes nothing."""
    require(by, "plots.keep_lists", notice)
    _must_lie_here(notice, moved.plot)
    events.check(moved.plot, told_of(notice, moved), by=by)


def told_of(notice: ListNotice, moved: Moved) -> Told:
    """The event by which a notice moves a plot."""
    acting = acting_level(notice.acting_for)
    kind = event_kind(notice.list_key, moved, notice.since)
    return Told(
        kind=kind,
        on=notice.since,
        data=_left_behind(moved.plot) if kind == EventKind.REMOVAL_DECIDED else {},
        authority=notice.acting_for or notice.authority,
        level=notice.level,
        acting_for=str(acting or ""),
        document=notice.number,
        notice=notice,
        note=moved.reason or (_("照“%(title)s”") % {"title": notice.title}),
    )


def _left_behind(plot: Plot) -> dict[str, Any]:
    """What the evaluation of effect says is left in the ground: whether aftercare is owed once the plot leaves the roster."""
    rows = PlotEvent.objects.filter(superseded_at=None, plot=plot, kind=str(EventKind.EFFECT_REACHED))
    told = rows.order_by("-on", "-id").values_list("data", flat=True).first() or {}
    return {key: told[key] for key in ("residual_above_first_class",) if key in told}


def event_kind(list_key: str, moved: Moved, on: date) -> str:
    """The event by which a plot enters or leaves a list; suspicion ends otherwise where nothing was surveyed yet."""
    held = plot_lists()[ListKey(list_key)]
    if moved.enters:
        return held.enters_by
    stage = here(moved.plot, on).history.state.stage
    if EventKind.SUSPICION_DISMISSED in held.leaves_by and stage in (Stage.OUTSIDE, Stage.S0):
        return str(EventKind.SUSPICION_DISMISSED)
    return next(one for one in held.leaves_by if one != EventKind.SUSPICION_DISMISSED)


def _move(notice: ListNotice, moved: Moved, by: Actor, at: datetime) -> PlotEvent:
    _must_lie_here(notice, moved.plot)
    made = events.record(moved.plot, told_of(notice, moved), by=by, at=at)
    act = "plots.list.entered" if moved.enters else "plots.list.left"
    data = {"plot": moved.plot.number, "list": notice.list_key, "number": notice.number}
    audit.record(act, subject=made, by=by, at=at, data=data)
    return made


def _must_lie_here(notice: ListNotice, plot: Plot) -> None:
    newest = plot.versions.filter(superseded_at=None).order_by("-since").first()
    if newest is None or not newest.division_path.startswith(notice.division_path):
        raise ListRefused(
            _("%(number)s 不在“%(title)s”登记的行政区内：请由地块所在地登记。")
            % {"number": plot.number, "title": notice.title},
            code="plots.list.elsewhere",
        )

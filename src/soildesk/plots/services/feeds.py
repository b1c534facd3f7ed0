"""Feeds of candidates from records: each room that knows of suspicious ground says so here, a person takes it in.

    feeds.add(Feed("room.things", _l("事项"), _l("哪些事项、为什么"), found))

`found(actor)` gives what a feed says today, whether it was taken in before or not; nothing is written by looking.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor
from soildesk.enterprises.queries.past import PastUse, past_uses
from soildesk.land.services.writing import Place, county_of, place_at
from soildesk.monitoring.queries.alerts import open_alerts
from soildesk.monitoring.queries.network import points
from soildesk.plots.models import Candidate
from soildesk.plots.queries import candidates as found
from soildesk.plots.queries import matching
from soildesk.plots.queries.plots import overlapping_point
from soildesk.plots.services import candidates
from soildesk.plots.services.candidates import Fed
from soilrules.enterprises.industries import Match, classification, key_industries

GROUND_MEDIA = ("soil", "groundwater")
FARMLAND = "gb15618"
CANCELLED = ("注销", "撤销", "撤回", "cancelled", "revoked", "withdrawn")


@dataclass(frozen=True, slots=True)
class Feed:
    """One kind of record that feeds candidates: its key, what it is called, what it takes and leaves, and what it finds."""

    key: str
    title: Any
    about: Any
    found: Callable[[Actor], Iterable[Fed]]


@dataclass(frozen=True, slots=True)
class Offered:
    """What a feed says today: the new ones with the plots each may be, and how many were taken in before."""

    feed: Feed
    new: Sequence[tuple[Fed, Sequence[dict[str, Any]]]]
    before: int


_feeds: dict[str, Feed] = {}


def add(feed: Feed) -> Feed:
    """Make a feed known by its key."""
    _feeds[feed.key] = feed
    return feed


def offered(by: Actor) -> list[Offered]:
    """What every feed says today, with nothing written."""
    held: dict[str, matching.Held] = {}
    return [_offered(feed, by, held) for feed in _feeds.values()]


def _offered(feed: Feed, by: Actor, held: dict[str, matching.Held]) -> Offered:
    said = {one.origin[:160]: one for one in feed.found(by)}
    before = set(Candidate.objects.filter(origin__in=list(said)).values_list("origin", flat=True))
    new = []
    for origin, one in said.items():
        if origin not in before:
            county = county_of((one.place or place_at("", by)).division.path)
            if county not in held:
                held[county] = matching.described(by, by.today, county)
            new.append((one, matching.matches_of(one, held[county])))
    return Offered(feed, new, len(before))


@transaction.atomic
def take_in(origins: Collection[str], *, by: Actor, at: datetime) -> list[Candidate]:
    """Take in what feeds say today, of those a person chose by their origin."""
    chosen = [one for feed in _feeds.values() for one in feed.found(by) if one.origin[:160] in origins]
    return candidates.take_in(chosen, by=by, at=at)


@transaction.atomic
def from_feed(key: str, *, by: Actor, at: datetime) -> list[Candidate]:
    """Take in everything one feed says today; those taken in before stay as they are."""
    return candidates.take_in(list(_feeds[key].found(by)), by=by, at=at)


def _ceased(by: Actor) -> Iterator[Fed]:
    for row in found.ceased(by, by.today):
        firm, site = row["firm"], row["site"]
        version = firm.firm
        cancelled = any(word in why for why in firm.why for word in CANCELLED)
        yield Fed(
            source=Candidate.Source.PERMIT if cancelled else Candidate.Source.CLOSED,
            origin=row["origin"],
            title=site.name if site else _("%(name)s用地") % {"name": version.name},
            found_on=firm.since,
            firm_name=version.name,
            credit_code=version.credit_code,
            industry=version.industry,
            address=version.address,
            facts=_facts(firm),
            geometry=site.geometry if site else None,
            place=place_of(version, by),
        )


def _history(by: Actor) -> Iterator[Fed]:
    """Sites that key industries left; those of firms that ceased come with their firm."""
    ceased = {row["firm"].firm.enterprise_id for row in found.ceased(by, by.today)}
    for use in past_uses(by, by.today, lambda industry: bool(industry and key_industries(industry))):
        if use.firm.enterprise_id in ceased:
            continue
        yield Fed(
            source=Candidate.Source.INDUSTRY,
            origin=f"past:{use.site.site.uid}:{use.firm.enterprise.uid}:{use.until}",
            title=use.site.name,
            found_on=use.until or by.today,
            firm_name=use.firm.name,
            credit_code=use.firm.credit_code,
            industry=use.firm.industry,
            facts={"why": _stood(use)},
            geometry=use.site.geometry,
            place=place_of(use.site, by),
        )


def _stood(use: PastUse) -> str:
    """Who of which key industry stood there, and when; whether the code is of it is told where only a person can say."""
    matches = key_industries(use.firm.industry)
    sure = [key for key, match in matches.items() if match is Match.YES]
    named = "、".join(classification().key_industries[key].zh for key in sure or matches)
    sentence = _("%(firm)s（行业代码 %(code)s，%(named)s）%(since)s 至 %(until)s 在此")
    perhaps = "" if sure else _("可能属于")
    return sentence % {
        "firm": use.firm.name,
        "code": use.firm.industry,
        "named": f"{perhaps}{named}",
        "since": use.since,
        "until": use.until,
    }


def _warned(by: Actor) -> Iterator[Fed]:
    """Points with open warnings on ground that is no plot, each once; those judged as farmland have their own rules."""
    alerts = open_alerts(by).filter(medium__in=GROUND_MEDIA, point__isnull=False).order_by("opened_on", "id")
    of_points: dict[int, list[Any]] = {}
    for alert in alerts:
        of_points.setdefault(alert.point_id, []).append(alert)
    for version in points(by, by.today).filter(point__in=list(of_points)).order_by("point__number", "id"):
        held = of_points[version.point_id]
        if (
            version.standard == FARMLAND
            or version.geometry is None
            or overlapping_point(version.geometry, by, by.today)
        ):
            continue
        yield Fed(
            source=Candidate.Source.WARNING,
            origin=f"alert:{held[0].number}",
            title=_("%(point)s周边") % {"point": version.name},
            found_on=held[0].opened_on,
            facts={
                "why": "；".join(dict.fromkeys(one.title for one in held)),
                "alert": "、".join(one.number for one in held),
            },
            geometry=version.geometry,
            place=place_of(version, by),
        )


def _facts(firm: Any) -> dict[str, Any]:
    told = {"why": "、".join(firm.why), "listed": firm.listed}
    return told | ({"surveyed_on": firm.surveyed_on.isoformat()} if firm.surveyed_on else {})


def place_of(version: Any, by: Actor) -> Place:
    """Where a record lies, kept by whoever takes it in."""
    return Place(place_at(version.division_path, by).division, place_at("", by).department)


FIRMS = add(
    Feed(
        "plots.firms",
        _l("企业台账：已关闭、搬迁、注销，或许可证注销、撤销"),
        _l("每处厂区一条；台账没有画厂区的，列企业，范围待补。"),
        _ceased,
    )
)
HISTORY = add(
    Feed(
        "plots.history",
        _l("企业台账：重点行业用过、已经离开的厂区"),
        _l("厂区已停用，或企业已转行；整家关闭、搬迁的企业见上一项。"),
        _history,
    )
)
WARNINGS = add(
    Feed(
        "plots.warnings",
        _l("监测预警：不在已登记地块上的土壤、地下水预警"),
        _l("未销号的预警，每个点位一条；按农用地标准评价的点位不列，在农用地办理。"),
        _warned,
    )
)

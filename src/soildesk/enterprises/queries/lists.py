"""Lists as of any day: who stands on them by which notice, what each row says, and what the public may read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from soildesk.core.models import Division
from soildesk.core.permissions import Actor
from soildesk.enterprises.models import Enterprise, EnterpriseVersion, Listing, ListNotice
from soildesk.enterprises.queries.firms import industry_name, town
from soildesk.enterprises.sentences import language
from soilrules.enterprises.lists import ROOM, ListKind, list_kinds
from soilrules.messages import catalogue


@dataclass(frozen=True, slots=True)
class OnList:
    """One enterprise on a list: its stay, and what it was on that day (None where it was not yet registered)."""

    stay: Listing
    enterprise: Enterprise
    firm: EnterpriseVersion | None
    division: str

    @property
    def name(self) -> str:
        """What it was called."""
        return self.firm.name if self.firm else self.enterprise.number


def stays(actor: Actor | None, on: date, known_on: datetime | None = None) -> QuerySet[Listing]:
    """Stays on lists that count on a day, with what the enterprise was on that day."""
    rows = Listing.objects.visible_to(actor).standing(on, known_on)
    then = EnterpriseVersion.objects.standing(on, known_on).filter(enterprise=OuterRef("enterprise"))
    named = {name: Subquery(then.values(name)[:1]) for name in ("name", "credit_code", "industry", "state")}
    return rows.annotate(town=town(), **named)


def ever_on(key: str, enterprises: Iterable[int]) -> QuerySet[Listing]:
    """Every stay of enterprises on a list, those that ended too."""
    return Listing.objects.filter(superseded_at=None, list_key=key, enterprise__in=list(enterprises)).order_by(
        "since", "id"
    )


def notices(actor: Actor | None, on: date) -> QuerySet[ListNotice]:
    """Notices decided up to a day, with how many they put on their list and took off it."""
    rows = ListNotice.objects.visible_to(actor).filter(decided_on__lte=on)
    entered = Count("entered", filter=Q(entered__superseded_at=None), distinct=True)
    left = Count("left", filter=Q(left__superseded_at=None), distinct=True)
    return rows.annotate(entries=entered, leavings=left)


def any_notice(key: str, actor: Actor | None, on: date) -> bool:
    """Whether a notice of a list was decided up to a day."""
    return ListNotice.objects.visible_to(actor).filter(decided_on__lte=on, list_key=key).exists()


def list_on(
    key: str, actor: Actor | None, on: date, known_on: datetime | None = None, *, rows: QuerySet[Listing] | None = None
) -> list[OnList]:
    """A list as it was on a day, as known now or at a moment; in the order of enterprises' numbers."""
    seen = Listing.objects.visible_to(actor).standing(on, known_on) if rows is None else rows
    found = list(
        seen.filter(list_key=key).select_related("enterprise", "notice", "notice_out").order_by("enterprise__number")
    )
    held = EnterpriseVersion.objects.standing(on, known_on).filter(enterprise__in=[one.enterprise_id for one in found])
    firms = {one.enterprise_id: one for one in held}
    places = _names({one.division_path for one in found} | {one.division_path for one in firms.values()})
    return [
        OnList(one, one.enterprise, firm := firms.get(one.enterprise_id), places.get((firm or one).division_path, ""))
        for one in found
    ]


def published(key: str, on: date, place: str) -> list[OnList]:
    """What the public reads: of a list that is published by law, those put on it by notices published by the day."""
    kind = list_kinds().get(key)
    if kind is None or kind.publication is None:
        return []
    rows = Listing.objects.standing(on).filter(division_path__startswith=place, notice__published_on__lte=on)
    return list_on(key, None, on, rows=rows)


def fields_of(kind: ListKind) -> list[tuple[str, str]]:
    """What a published row says: keys and words."""
    words = catalogue(ROOM)["list_fields"]
    return [(name, words[name][language()]) for name in kind.fields]


def row_of(one: OnList, kind: ListKind) -> list[str]:
    """A published row: the fields of the kind of list and nothing else."""
    firm = one.firm
    said: Mapping[str, str] = {
        "name": one.name,
        "credit_code": firm.credit_code if firm else "",
        "industry": industry_name(firm.industry) if firm else "",
        "division": one.division,
    }
    return [said.get(name, one.stay.category) for name in kind.fields]


def told(one: OnList, kind: ListKind) -> list[tuple[str, str]]:
    """A published row with the words of its fields."""
    words = [word for _name, word in fields_of(kind)]
    return list(zip(words, row_of(one, kind), strict=True))


def overview(actor: Actor, on: date) -> list[dict[str, Any]]:
    """Each kind of list: how many stand on it, its newest notice, when it is to be published."""
    counts = dict(
        Listing.objects.visible_to(actor).standing(on).values_list("list_key").annotate(Count("id")).order_by()
    )
    own = set(ListNotice.objects.visible_to(actor).values_list("pk", flat=True))
    newest: dict[str, ListNotice] = {}
    of_above = Q(division_path__in=places_above(actor), published_on__lte=on)
    for notice in ListNotice.objects.filter(Q(pk__in=own) | of_above, since__lte=on).order_by("since", "id"):
        newest[notice.list_key] = notice
    return [
        {
            "kind": kind,
            "count": counts.get(kind.key, 0),
            "notice": (notice := newest.get(kind.key)),
            "opens": notice is not None and notice.pk in own,
            "due": kind.publication_due(on.year),
        }
        for kind in list_kinds().values()
    ]


def places_above(actor: Actor) -> set[str]:
    """The paths of the places an actor's own lie in: what they have published counts for a town too."""
    found = set()
    for grant in actor.grants:
        codes = grant.division.path.rstrip("/").split("/")
        found |= {"/".join(codes[:at]) + "/" for at in range(1, len(codes))}
    return found


def listed_of(actor: Actor, on: date, key: str = "") -> list[tuple[EnterpriseVersion, Sequence[Listing]]]:
    """Enterprises of a day with their stays on lists; with a key, those on that list alone."""
    rows = Listing.objects.standing(on).select_related("notice").order_by("since", "list_key")
    by_firm: dict[int, list[Listing]] = {}
    for one in rows:
        by_firm.setdefault(one.enterprise_id, []).append(one)
    firms = EnterpriseVersion.objects.visible_to(actor).standing(on).select_related("enterprise")
    found = [(firm, by_firm.get(firm.enterprise_id, [])) for firm in firms.order_by("enterprise__number")]
    return [(firm, held) for firm, held in found if not key or any(one.list_key == key for one in held)]


def _names(paths: set[str]) -> dict[str, str]:
    return dict(Division.objects.filter(path__in=paths).order_by("since").values_list("path", "name"))

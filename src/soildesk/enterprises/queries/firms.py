"""Enterprises that count on a day: their rows, the lists they stand on, who went before and after them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _l

from soildesk.core.models import Division
from soildesk.core.permissions import Actor
from soildesk.enterprises.firmwords import UNKNOWN_FACTS, key_industry_word, list_word, name_of
from soildesk.enterprises.models import Enterprise, EnterpriseVersion, Listing, Representative, Succession
from soilrules.enterprises import industries
from soilrules.enterprises.lists import list_kinds


def enterprises(actor: Actor | None, on: date, known_on: datetime | None = None) -> QuerySet[EnterpriseVersion]:
    """Enterprises as they were on a day."""
    return EnterpriseVersion.objects.visible_to(actor).standing(on, known_on).annotate(town=town())


def town() -> Subquery:
    """The name of the division a row lies in; read only where it is shown."""
    return Subquery(Division.objects.filter(path=OuterRef("division_path")).order_by("-since").values("name")[:1])


def called(actor: Actor, text: str, on: date) -> list[EnterpriseVersion]:
    """The enterprises an actor sees under a number, a credit code or a full name."""
    plain = text.strip()
    wanted = Q(enterprise__number=plain) | Q(credit_code=plain.upper()) | Q(name=plain)
    rows = EnterpriseVersion.objects.visible_to(actor).filter(wanted, superseded_at=None, until=None)
    return list(rows.select_related("enterprise")) if plain else []


def add_lists(rows: list[dict[str, Any]], actor: Actor | None, on: date) -> None:
    """The names of the lists that the rows of a page stand on."""
    found = lists_of([row["enterprise_id"] for row in rows], on)
    kinds = list_kinds()
    for row in rows:
        row["_lists"] = [name_of(kinds[one.list_key]) for one in found.get(row["enterprise_id"], ())]


def lists_of(enterprise_ids: Iterable[int], on: date, known_on: datetime | None = None) -> Mapping[int, list[Listing]]:
    """The stays on lists of some enterprises on a day, in the order in which lists are named."""
    order = {key: at for at, key in enumerate(list_kinds())}
    found: dict[int, list[Listing]] = defaultdict(list)
    rows = Listing.objects.standing(on, known_on).filter(enterprise__in=list(enterprise_ids)).select_related("notice")
    for row in sorted(rows, key=lambda one: (order.get(one.list_key, len(order)), one.since)):
        found[row.enterprise_id].append(row)
    return found


def stays_of(enterprise: Enterprise) -> list[Listing]:
    """All stays of an enterprise on lists, the latest first."""
    rows = Listing.objects.filter(superseded_at=None, enterprise=enterprise)
    return list(rows.select_related("notice", "notice_out").order_by("-since", "list_key"))


def predecessors(enterprise: Enterprise, known_on: datetime | None = None) -> list[Succession]:
    """Whom the enterprise follows."""
    return list(_successions(known_on).filter(after=enterprise).select_related("before").order_by("on"))


def successors(enterprise: Enterprise, known_on: datetime | None = None) -> list[Succession]:
    """Who follows the enterprise."""
    return list(_successions(known_on).filter(before=enterprise).select_related("after").order_by("on"))


def _successions(known_on: datetime | None) -> QuerySet[Succession]:
    known = Q(superseded_at__isnull=True)
    if known_on is not None:
        known = Q(recorded_at__lte=known_on) & (known | Q(superseded_at__gt=known_on))
    return Succession.objects.filter(known)


def representatives(enterprise: Enterprise) -> list[Representative]:
    """Who speaks and spoke for an enterprise."""
    return list(enterprise.representatives.select_related("person").order_by("-since"))


def names_of(enterprise_ids: Iterable[int], on: date) -> dict[int, str]:
    """What enterprises were called on a day; what they are called first where they were not yet registered."""
    found: dict[int, tuple[bool, date, str]] = {}
    rows = EnterpriseVersion.objects.filter(superseded_at=None, enterprise__in=list(enterprise_ids)).order_by("since")
    for pk, since, name in rows.values_list("enterprise_id", "since", "name"):
        if pk not in found or since <= on:
            found[pk] = (since <= on, since, name)
    return {pk: name for pk, (_known, _since, name) in found.items()}


def places_around(path: str) -> tuple[list[tuple[str, str]], list[str]]:
    """The divisions of a place by name and path, the smallest first, and the names of those beside it."""
    ours, beside = [], []
    for one in Division.objects.all():
        if one.path.startswith(path):
            ours.append((one.name, one.path))
        elif one.path.count("/") == path.count("/"):
            beside.append(one.name)
    return sorted(ours, key=lambda pair: -len(pair[1])), beside


def industry_name(code: str) -> str:
    """An industry with its name as far as that is held: `3360 金属表面处理及热处理加工`."""
    name = industries.read(code).name if code else ""
    return f"{code} {name}".strip()


def _on_list(key: str) -> Any:
    return lambda on: Q(enterprise__in=Listing.objects.standing(on).filter(list_key=key).values("enterprise"))


def _on_no_list(on: date) -> Q:
    return ~Q(enterprise__in=Listing.objects.standing(on).values("enterprise"))


LIST_CHOICES = [(key, list_word(key)) for key in list_kinds()]
LIST_CONDITIONS: Mapping[str, Any] = {key: _on_list(key) for key, _name in LIST_CHOICES}
NONE = "-"
ON_LISTS = [*LIST_CHOICES, (NONE, _l("不在任何名录"))]
ON_LISTS_CONDITIONS: Mapping[str, Any] = {**LIST_CONDITIONS, NONE: _on_no_list}


def _of_industry(key: str) -> Q:
    """Rows whose code is, or may be, of a named industry."""
    held = industries.classification().key_industries[key]
    wanted = Q(pk__in=[])
    for code in (*held.codes, *held.partly):
        wanted |= Q(industry__startswith=code)
    return wanted


INDUSTRY_CHOICES = [
    *((key, key_industry_word(key)) for key in industries.classification().key_industries),
    (NONE, _l("没有行业代码")),
]
INDUSTRY_CONDITIONS = {
    **{key: _of_industry(key) for key in industries.classification().key_industries},
    NONE: Q(industry=""),
}
UNKNOWN_CHOICES = [(name, EnterpriseVersion._meta.get_field(name).verbose_name) for name in UNKNOWN_FACTS]
UNKNOWN_CONDITIONS = {name: Q(**{f"{name}__isnull": True}) for name in UNKNOWN_FACTS}

"""Which local rules somebody adopted for a place, and those there are to adopt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from soildesk.core.models import Division
from soildesk.core.permissions import Actor, divisions_of
from soildesk.decisions.models import LocalProfile, LocalRules
from soilrules.gate.profiles import Profile, profiles, read_profile
from soilrules.strict import Record

NONE = "none"
"""In the place of a profile: somebody looked, and the place has no local rules."""


def adopted(path: str, on: date) -> Profile | None:
    """The local rules adopted for a division on a day, or for the smallest place it lies in; None where none were."""
    rows = LocalProfile.objects.standing(on).filter(division_path__in=_paths(path))
    found = max(rows, key=lambda one: len(one.division_path), default=None)
    return None if found is None else rules_of(found)


def adopted_in(division: Division, on: date) -> Profile | None:
    """As `adopted`; None for a city or a province in which a smaller place adopted its own: of ground that is only known
    to lie somewhere in it nobody knows which hold, a code on record tells."""
    if division.level in (Division.Level.PROVINCE, Division.Level.CITY):
        rows = LocalProfile.objects.standing(on).filter(division_path__startswith=division.path)
        if rows.exclude(division_path=division.path).exists():
            return None
    return adopted(division.path, on)


def _paths(path: str) -> list[str]:
    """A path and those of the divisions it lies in."""
    parts = [part for part in path.split("/") if part]
    return ["".join(f"{part}/" for part in parts[:end]) for end in range(1, len(parts) + 1)]


def rules_of(row: LocalProfile) -> Profile | None:
    """The rules a row adopts; None where the data no longer hold them."""
    if row.profile != NONE:
        return rules_called(row.profile)
    return Profile(
        division=row.division_path.rstrip("/").rpartition("/")[2],
        title=_("本地没有属地规则（%(document)s）") % {"document": row.document},
        since=row.since,
        until=row.until,
        checked_on=row.checked_on,
        query_acts=frozenset(),
        survey_valid=None,
        limit=None,
        rows=(),
        moments=(),
    )


def rules_called(key: str) -> Profile | None:
    """The shipped rules of a division, or those entered here under a uid."""
    if key in profiles():
        return profiles()[key]
    entered = entered_called(key)
    return None if entered is None else read_entered(entered)


def entered_called(key: str) -> LocalRules | None:
    """Rules entered here, by their uid."""
    try:
        return LocalRules.objects.filter(uid=UUID(key)).first()
    except ValueError:
        return None


def read_entered(row: LocalRules) -> Profile:
    """Rules entered here, by the reader of the shipped ones."""
    return read_profile(Record(row.data, row.title))


def standing(actor: Actor, on: date) -> QuerySet[LocalProfile]:
    """What an actor sees adopted on a day."""
    return LocalProfile.objects.visible_to(actor).standing(on)


def entered(actor: Actor) -> QuerySet[LocalRules]:
    """The rules entered here that an actor sees, the latest first."""
    return LocalRules.objects.visible_to(actor).select_related("recorded_by")


def offered(actor: Actor) -> Sequence[tuple[str, str, Profile]]:
    """The rules an actor may look at and adopt, those entered here first: key, name, content."""
    own = [
        (str(one.uid), _("%(title)s（%(number)s，本地录入）") % {"title": one.title, "number": one.number}, read_entered(one))
        for one in entered(actor)
    ]  # fmt: skip
    shipped = [(key, f"{one.title}（{key}）", one) for key, one in sorted(profiles().items())]
    return [*own, *shipped]


def choices(actor: Actor) -> Sequence[tuple[str, str]]:
    """The rules there are to adopt, by key and name, and the word that there are none here."""
    return [*((key, name) for key, name, _rules in offered(actor)), (NONE, _("经核对，本地没有属地规则"))]


def places_to_enter(actor: Actor) -> dict[str, str]:
    """The divisions whose documents an actor may enter, by code: their own, those above, those below down to the county."""
    large = [Division.Level.PROVINCE, Division.Level.CITY, Division.Level.COUNTY]
    own = Division.objects.filter(divisions_of(actor), until=None)
    above = {path for one in own.values_list("path", flat=True) for path in _paths(one)}
    rows = Division.objects.filter(path__in=above, until=None, level__in=large).order_by("path")
    return {one.code: one.name for one in rows}

"""Which local rules somebody adopted for a place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor
from soildesk.decisions.models import LocalProfile
from soilrules.gate.profiles import Profile, profiles

NONE = "none"
"""In the place of a profile: somebody looked, and the place has no local rules."""


def adopted(path: str, on: date) -> Profile | None:
    """The local rules adopted for a division on a day, or for the smallest place it lies in; None where none were."""
    parts = [part for part in path.split("/") if part]
    paths = ["".join(f"{part}/" for part in parts[:end]) for end in range(1, len(parts) + 1)]
    rows = LocalProfile.objects.standing(on).filter(division_path__in=paths)
    found = max(rows, key=lambda one: len(one.division_path), default=None)
    return None if found is None else rules_of(found)


def rules_of(row: LocalProfile) -> Profile | None:
    """The rules a row adopts; None where the data no longer hold them."""
    if row.profile != NONE:
        return profiles().get(row.profile)
    return Profile(
        division=row.division_path.rstrip("/").rpartition("/")[2],
        title=_("本地没有属地规则（%(document)s）") % {"document": row.document},
        since=row.since,
        until=row.until,
        checked_on=row.since,
        query_acts=frozenset(),
        survey_valid=None,
        limit=None,
        rows=(),
        moments=(),
    )


def standing(actor: Actor, on: date) -> QuerySet[LocalProfile]:
    """What an actor sees adopted on a day."""
    return LocalProfile.objects.visible_to(actor).standing(on)


def choices() -> Sequence[tuple[str, str]]:
    """The profiles there are, by key and title, and the word that there is none here."""
    shipped = [(key, f"{one.title}（{key}）") for key, one in sorted(profiles().items())]
    return [*shipped, (NONE, _("经核对，本地没有属地规则"))]

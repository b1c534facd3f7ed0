"""What a duty is about: the page of the record that made it, for duties of every room."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial
from uuid import UUID

from django.apps import apps
from django.urls import reverse

from soildesk.core.permissions import system_actor
from soildesk.farmland.queries import owed as farmland
from soildesk.kit.register import collections
from soildesk.plots.queries import owed as plots

About = tuple[str, int]
"""The kind of record (its table) and its key."""


def _page(name: str, uid: UUID) -> str:
    return reverse(name, args=[uid])


def _record(collection: str, uid: UUID) -> str:
    return reverse("kit:record", args=[collection, str(uid)])


PAGES: Mapping[str, Callable[[UUID], str]] = {
    "plans.plantask": partial(_page, "plans:task"),
    "plans.plan": partial(_page, "plans:overview"),
    "monitoring.campaign": partial(_page, "monitoring:campaign"),
    "enterprises.filing": partial(_page, "enterprises:filing"),
    "supervision.talkpromise": partial(_page, "supervision:promise"),
    "land.unusedland": partial(_record, "unused_land"),
    "monitoring.alert": partial(_record, "alerts"),
    "enterprises.hazard": partial(_record, "hazards"),
    "enterprises.investigation": partial(_record, "investigations"),
    "oversight.problem": partial(_record, "problems"),
    "decisions.opinionrequest": partial(_record, "gate-opinions"),
    **{
        model._meta.label_lower: partial(_record, name) for model, name in {**plots.RECORDS, **farmland.RECORDS}.items()
    },
}
"""Where the records of a table stand. What is not named here is looked for among the registers."""


def _of_registers(label: str, on: date) -> Callable[[UUID], str] | None:
    """The register whose rows are the records of a table."""
    asks = system_actor("links", on)
    for name, register in collections().items():
        if register.key == "uid" and register.queryset(asks, on).model._meta.label_lower == label:
            return partial(_record, name)
    return None


def addresses(wanted: Iterable[About], on: date) -> dict[About, str]:
    """The pages of records; what has none, or is gone, is left out. A query for each table."""
    keys: dict[str, set[int]] = defaultdict(set)
    for label, pk in wanted:
        keys[label].add(pk)
    found = {}
    for label, pks in keys.items():
        page = PAGES.get(label) or _of_registers(label, on)
        if page is not None:
            rows = apps.get_model(label)._default_manager.filter(pk__in=pks)
            found |= {(label, pk): page(uid) for pk, uid in rows.values_list("pk", "uid")}
    return found

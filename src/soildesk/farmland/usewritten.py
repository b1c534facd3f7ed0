"""What was written down about units between two moments that changes a rate: measures, classes, the units themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor
from soildesk.farmland.models import Unit, UnitClass, UnitMeasure, UnitVersion
from soildesk.farmland.mu import to_mu
from soildesk.farmland.usewords import class_word, measure_word
from soildesk.kit.hindsight import Span, Written, written_about


@written_about("farmland.unit")
def of_units(actor: Actor, uids: Collection[str], span: Span) -> Mapping[str, Sequence[Written]]:
    """Of the units an actor sees, by uid."""
    found: dict[str, list[Written]] = defaultdict(list)
    for told in (_measures, _classes, _versions):
        for unit, written in told(actor, uids, span):
            found[str(unit.uid)].append(written)
    return found


def _measures(actor: Actor, uids: Collection[str], span: Span) -> Iterator[tuple[Unit, Written]]:
    rows = UnitMeasure.objects.visible_to(actor)
    for one in _new(rows, uids, span):
        yield one.unit, _written(one, one.recorded_at, _("登记措施：%(what)s") % {"what": _measure(one)}, one.note)
    taken = rows.filter(unit__uid__in=list(uids), superseded_at__gte=span.after, superseded_at__lt=span.until)
    for one in taken.select_related("unit"):
        assert one.superseded_at is not None, "asked for"
        yield (
            one.unit,
            Written(one.superseded_at, "", _("撤销措施：%(what)s") % {"what": _measure(one)}, one.reason, _url(one)),
        )


def _measure(one: UnitMeasure) -> str:
    told = {"year": one.year, "kind": measure_word(one.kind), "mu": to_mu(one.area_m2)}
    return _("%(year)d 年 %(kind)s %(mu)s 亩") % told


def _classes(actor: Actor, uids: Collection[str], span: Span) -> Iterator[tuple[Unit, Written]]:
    for one in _new(UnitClass.objects.visible_to(actor), uids, span).select_related("decision"):
        told = {"class": class_word(one.farmland_class), "since": one.since, "number": one.decision.number}
        yield one.unit, _written(one, one.recorded_at, _("%(since)s 起为%(class)s（%(number)s）") % told, one.reason)


def _versions(actor: Actor, uids: Collection[str], span: Span) -> Iterator[tuple[Unit, Written]]:
    for one in _new(UnitVersion.objects.visible_to(actor).defer("geometry"), uids, span):
        what = _("登记、变更或者更正评价单元，自 %(since)s 起") % {"since": one.since}
        yield one.unit, _written(one, one.recorded_at, what, one.reason)


def _new(rows: Any, uids: Collection[str], span: Span) -> Any:
    held = rows.filter(unit__uid__in=list(uids), recorded_at__gte=span.after, recorded_at__lt=span.until)
    return held.select_related("unit", "recorded_by").order_by("recorded_at", "id")


def _written(row: Any, at: datetime, what: str, why: str) -> Written:
    return Written(at, row.recorded_by.name if row.recorded_by else "", what, why, _url(row))


def _url(row: Any) -> str:
    if isinstance(row, UnitMeasure):
        return reverse("kit:record", args=["farm_measures", str(row.uid)])
    return reverse("kit:record", args=["farmland_units", str(row.unit.uid)])

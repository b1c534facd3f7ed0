"""The score of a place in a year under a scheme as plain data: of the assessment that stands, or by the records as they are."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from soildesk.assessment.models import Assessment, SchemeAdoption
from soildesk.assessment.queries import facts as reads
from soildesk.assessment.queries.frozen import score_data
from soildesk.assessment.queries.standing import Standing, scheme_of
from soildesk.core.models import Division
from soildesk.kit.languages import listed
from soildesk.reporting.services.copies import Wanted, reading_of
from soilrules.assessment.score import score
from soilrules.deadlines.periods import period_of

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor
    from soilrules.assessment.scheme import Scheme

FINAL = Assessment.State.FINAL


def own_schemes(place: Division, year: int) -> dict[str, Scheme]:
    """The schemes the place above wrote itself for a year, and those the place itself wrote."""
    rows = SchemeAdoption.objects.filter(division__in=[place.pk, place.parent_id], year=year, superseded_at=None)
    return {one.scheme: scheme_of(one) for one in rows.exclude(own={})}


def stands(scheme: str, place: Division, year: int, actor: Actor) -> bool:
    """Whether the actor sees an assessment of the place."""
    return Assessment.objects.visible_to(actor).filter(place=place, scheme=scheme, year=year).exists()


def assessed(scheme: Scheme, place: Division, year: int, actor: Actor) -> dict[str, Any]:
    """A final result as it was frozen; an assessment under way as it stands; without one, the records under the scheme in force."""
    rows = Assessment.objects.visible_to(actor).filter(place=place, scheme=scheme.id, year=year)
    one = rows.select_related("adoption__division", "place").first()
    if one is None:
        return _by_records(scheme, place, year, actor)
    standing = Standing(one)
    told = (
        _told(standing.scheme, _frozen(one.snapshot), one.snapshot)
        if one.state == FINAL
        else _told(standing.scheme, standing.kept(), score_data(standing.score()))
    )
    words = _("考核 %(number)s（%(state)s）") % {"number": one.number, "state": one.get_state_display()}
    return {
        **_head(scheme, place, year), "on": one.on.isoformat(), "known_on": one.known_on.isoformat(),
        "source": "final" if one.state == FINAL else "assessment", "source_words": words, "assessment": one.number,
        "state": one.state, "sha256": one.digest or None, **told,
    }  # fmt: skip


def _frozen(snapshot: dict[str, Any]) -> dict[str, Any]:
    """The facts of a frozen result, rows its sample found false marked."""
    drawn = (snapshot["sample"] or {"rows": []})["rows"]
    false = [(row["item"], row["key"], row["note"]) for row in drawn if row["outcome"] == "false"]
    return {
        name: reads.as_checked(kept, {key: note for item, key, note in false if item == name})
        for name, kept in snapshot["facts"].items()
    }


def _by_records(scheme: Scheme, place: Division, year: int, actor: Actor) -> dict[str, Any]:
    adoption = _in_force(scheme, place, year)
    used = scheme_of(adoption) if adoption else scheme
    reading = reading_of(Wanted("", place, period_of(date(year, 1, 1), "year")), by=actor)
    kept = reads.read(used, reading)
    found = score(used, {name: reads.fact_of(one) for name, one in kept.items()})
    words = (
        _("没有发起考核，按台账和现行方案（%(document)s）算。") % {"document": adoption.document}
        if adoption
        else _("没有发起考核，也没有采用这个方案，按台账和随系统提供的示例分值算。")
    )
    words += _unfit(used, place)
    return {
        **_head(scheme, place, year), "on": reading.on.isoformat(), "known_on": reading.known_on.isoformat(),
        "source": "records", "source_words": words, "assessment": None, "state": None, "sha256": None,
        **_told(used, kept, score_data(found)),
    }  # fmt: skip


def _unfit(scheme: Scheme, place: Division) -> str:
    """What is to be said where a scheme speaks of places of other levels."""
    if place.level in scheme.assessed:
        return ""
    meant = listed(str(Division.Level(level).label) for level in scheme.assessed)
    return _("方案考核的是%(meant)s，%(place)s不是：得分只供参考。") % {"meant": meant, "place": place.name}


def _in_force(scheme: Scheme, place: Division, year: int) -> SchemeAdoption | None:
    """What the place above put into force for it."""
    return SchemeAdoption.objects.filter(
        division=place.parent_id, scheme=scheme.id, year=year, superseded_at=None
    ).first()  # fmt: skip


def _head(scheme: Scheme, place: Division, year: int) -> dict[str, Any]:
    return {
        "scheme": scheme.id,
        "title": scheme.title,
        "mark": scheme.mark,
        "place": place.code,
        "place_name": place.name,
        "year": year,
    }


def _told(scheme: Scheme, kept: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    """The score with every row behind it."""
    titles = {one.id: one.title for one in (*scheme.items, *scheme.deductions, *scheme.vetoes)}
    return {
        "score": {key: data[key] for key in ("worst", "best", "grade", "grade_title")},
        "missing": [{"id": name, "title": titles.get(name, name), "why": kept.get(name, {}).get("why", "")} for name in data["missing"]],
        **{key: [{**one, **_behind(kept, one["id"])} for one in data[key]] for key in ("items", "deductions", "vetoes")},
    }  # fmt: skip


def _behind(kept: dict[str, Any], name: str) -> dict[str, Any]:
    held = kept.get(name, {"figures": [], "rows": [], "why": ""})
    return {
        "figures": [one["id"] for one in held["figures"]],
        "records": held["why"],
        "rows": [{"register": row["type"], "id": row["uid"], "name": row["name"], "counts": row["good"]} for row in held["rows"]],
    }  # fmt: skip

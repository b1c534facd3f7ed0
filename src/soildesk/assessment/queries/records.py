"""Assessments and schemes as registers and pages read them, and how assessed places rank among like ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from soildesk.assessment.models import Assessment, DrawnRow, ItemResult, Objection, Proposal, SchemeAdoption
from soildesk.core.models import Department, Division
from soildesk.core.models.places import valid_on
from soildesk.core.permissions import READERS, Actor
from soilrules.assessment.ranking import Rank, ranked
from soilrules.assessment.scheme import Scheme
from soilrules.assessment.schemes import of_data, schemes

State = Assessment.State
RANKED = (State.CHECKED, State.OBJECTED, State.FINAL)
"""From when on a score is one the office has looked at."""
LEVELS = {
    Division.Level.PROVINCE: "province",
    Division.Level.CITY: "city",
    Division.Level.COUNTY: "county",
    Division.Level.TOWN: "town",
}


def assessments(actor: Actor | None, on: date) -> QuerySet[Assessment]:
    """Assessments of the places the actor sees."""
    names = {
        "place_name": F("place__name"), "office": F("owner_department__name"), "scheme_title": F("adoption__title"),
        "unit_name": F("unit__name"),
    }  # fmt: skip
    return Assessment.objects.visible_to(actor).annotate(**names)


def assessment_of(actor: Actor, uid: UUID) -> Assessment | None:
    """One assessment; None where the actor sees none."""
    rows = Assessment.objects.visible_to(actor).select_related(
        "adoption__division", "place", "unit", "owner_department"
    )
    return rows.filter(uid=uid).first()


def base_of(adoption: SchemeAdoption) -> Scheme:
    """The scheme a version is made from: the office's own, or a shipped one."""
    return of_data(adoption.own) if adoption.own else schemes()[adoption.scheme]


def scheme_choices(actor: Actor, on: date) -> list[tuple[str, str]]:
    """The shipped schemes, and those offices wrote themselves by which the actor sees an assessment."""
    own = Assessment.objects.visible_to(actor).exclude(adoption__own={}).values_list("scheme", "adoption__title")
    return list(({one.id: one.title for one in schemes().values()} | dict(own.order_by("pk"))).items())


def own_scheme(actor: Actor, name: str) -> SchemeAdoption | None:
    """The version in force of a scheme the actor's own place wrote, the newest year first."""
    rows = SchemeAdoption.objects.visible_to(actor).filter(scheme=name, superseded_at=None, division__in=offices(actor))
    return rows.exclude(own={}).order_by("-year").first()


def adoptions(actor: Actor | None, on: date) -> QuerySet[SchemeAdoption]:
    """Versions of schemes places put into force."""
    names = {"place_name": F("division__name"), "office": F("owner_department__name")}
    return SchemeAdoption.objects.visible_to(actor).annotate(**names)


def adoption_of(actor: Actor, uid: UUID) -> SchemeAdoption | None:
    """One version."""
    return (
        SchemeAdoption.objects.visible_to(actor).select_related("division", "owner_department").filter(uid=uid).first()
    )


def versions_of(adoption: SchemeAdoption) -> list[SchemeAdoption]:
    """All versions of the same scheme of the same place and year, the first one first."""
    rows = SchemeAdoption.objects.filter(
        division=adoption.division_id, scheme=adoption.scheme, year=adoption.year
    ).select_related("adopted_by")
    return list(rows.order_by("version"))


def in_force(actor: Actor) -> list[SchemeAdoption]:
    """The versions assessments may be opened under, the newest year first."""
    rows = SchemeAdoption.objects.visible_to(actor).filter(superseded_at=None).select_related("division")
    return list(rows.order_by("-year", "title"))


def below(adoption: SchemeAdoption, on: date) -> list[Division]:
    """The places a scheme may assess: those right below its own, of a level it is made for."""
    levels = {level for level, name in LEVELS.items() if name in base_of(adoption).assessed}
    rows = Division.objects.filter(valid_on(on), parent=adoption.division, level__in=[one.value for one in levels])
    return list(rows.order_by("code"))


def to_open(adoption: SchemeAdoption, on: date) -> list[Division]:
    """Those of them that have no assessment under it yet."""
    held = Assessment.objects.filter(scheme=adoption.scheme, year=adoption.year).values_list("place_id", flat=True)
    return [one for one in below(adoption, on) if one.pk not in set(held)]


def unit_in(place: Division, on: date) -> Department | None:
    """The department of a place that assesses itself: its ecology bureau, else the town, else its government."""
    rows = list(Department.objects.filter(valid_on(on), division=place).order_by("pk"))
    wanted = ("ecology", "town", "government")
    found = {key: next((row for row in rows if key in (row.function, row.kind)), None) for key in wanted}
    return next((found[key] for key in wanted if found[key]), rows[0] if rows else None)


def opened(adoption: SchemeAdoption, places: Sequence[Division], actor: Actor) -> list[Assessment]:
    """The assessments of these places that stand already, where every one of them has its own."""
    rows = Assessment.objects.visible_to(actor).filter(scheme=adoption.scheme, year=adoption.year, place__in=places)
    found = list(rows.order_by("place__code", "pk"))
    return found if places and len(found) == len(places) else []


def objections(assessment: Assessment) -> list[Objection]:
    """What was said against it, the earliest first."""
    return list(assessment.objections.select_related("raised_by", "answered_by"))


def proposals(assessment: Assessment) -> list[Proposal]:
    """What is proposed to follow."""
    return list(assessment.proposals.select_related("decided_by"))


def result_of(assessment: Assessment, item: str) -> ItemResult | None:
    """What is said of one item."""
    return assessment.results.filter(item=item).first()


def drawn_row(assessment: Assessment, pk: int) -> DrawnRow | None:
    """One drawn row of the assessment."""
    return DrawnRow.objects.filter(pk=pk, draw__assessment=assessment).select_related("draw").first()


def objection_of(assessment: Assessment, uid: UUID) -> Objection | None:
    """One objection."""
    return assessment.objections.filter(uid=uid).first()


def proposal_of(assessment: Assessment, uid: UUID) -> Proposal | None:
    """One proposal."""
    return assessment.proposals.filter(uid=uid).first()


def standing_of(place: Division, scheme: str, year: int) -> Assessment | None:
    """The assessment of a place under a scheme in a year."""
    rows = Assessment.objects.filter(place=place, scheme=scheme, year=year)
    return rows.select_related("adoption__division", "place", "unit").first()


Group = tuple[str, int, int, str]
"""What ranks together: scheme, year, the place that assesses, the level of the assessed."""
OF_GROUP = ("scheme", "year", "adoption__division_id", "place__level")


def scores(groups: Iterable[Group]) -> dict[Group, dict[str, tuple[Decimal, Decimal]]]:
    """The scores of all assessed places of these groups, by their paths, in one query.

    Read past the actor's own places: a rank is among all, whoever asks; only numbers leave here.
    """
    found: dict[Group, dict[str, tuple[Decimal, Decimal]]] = {one: {} for one in groups}
    rows = Assessment.objects.filter(
        scheme__in={one[0] for one in found}, year__in={one[1] for one in found}, state__in=RANKED, worst__isnull=False
    )
    for *group, path, worst, best in rows.values_list(*OF_GROUP, "division_path", "worst", "best"):
        if (key := tuple(group)) in found:
            found[key][path] = (worst, best)
    return found


def rank_of(assessment: Assessment, instead: tuple[Decimal, Decimal] | None = None) -> tuple[Rank | None, int, int]:
    """The rank (with another score in place of its own), how many are ranked together, and how many there have to be."""
    least = base_of(assessment.adoption).least_ranked
    group = (assessment.scheme, assessment.year, assessment.adoption.division_id, assessment.place.level)
    held = scores([group])[group]
    if instead is not None and assessment.division_path in held:
        held[assessment.division_path] = instead
    return ranked(held, least).get(assessment.division_path), len(held), least


def add_ranks(rows: list[dict[str, Any]], actor: Actor, on: date) -> None:
    """The rank of each row of a page, and its grade in words, in a few queries for all."""
    found = Assessment.objects.filter(pk__in=[row["pk"] for row in rows]).select_related("adoption")
    bases = {one.pk: base_of(one.adoption) for one in found}
    told = found.values_list("pk", "division_path", *OF_GROUP)
    group_of = {pk: (path, tuple(group)) for pk, path, *group in told}
    held = scores({group for _path, group in group_of.values()})
    for row in rows:
        path, group = group_of[row["pk"]]
        base = bases[row["pk"]]
        least = base.least_ranked
        row["_grade"] = next((one.title for one in base.grades if one.id == row["grade"]), "")
        row["_rank"] = ranked(held[group], least).get(path)
        row["_few"] = path in held[group] and len(held[group]) < least


def sees_whole(actor: Actor, place: Division) -> bool:
    """Whether the actor sees every row of the place."""
    whole = [one.division.path for one in actor.grants if one.role in READERS and one.department_id is None]
    return actor.system or place.path.startswith(tuple(whole))


def works_in(actor: Actor, place: Division) -> bool:
    """Whether the actor's own department lies in the place or below it."""
    office = actor.person.department if actor.person else None
    return actor.system or (office is not None and office.division.path.startswith(place.path))


def offices(actor: Actor) -> Collection[Division]:
    """The division of the actor's department."""
    office = actor.person.department if actor.person else None
    return [office.division] if office else []

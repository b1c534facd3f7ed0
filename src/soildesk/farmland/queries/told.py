"""A classification told for programs: each unit with its class, what made it, and why, kept or worked out for the asking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from soildesk.core.permissions import Actor, require
from soildesk.farmland.models import Classification
from soildesk.farmland.queries import whatif
from soildesk.farmland.queries.classifications import final, live
from soildesk.farmland.queries.proposals import Worked, explained, pairs_of_units, ruleset_of
from soildesk.farmland.queries.whatif import Terms
from soildesk.monitoring.queries.columns import campaign_named
from soilrules.farmland.rulesets import Ruleset

PERMISSION = "farmland.read_proposals"


class NotFound(LookupError):
    """Neither a classification nor a campaign of that name is seen."""


def classified(actor: Actor, name: str, ruleset: str | None = None) -> dict[str, Any]:
    """The classes of the units of a classification or a campaign, by number or title.

    A classification is told as it was computed; by another rule set, or where it was not computed, it is worked out and
    not kept, as the units of a campaign always are. Raises NotFound, KeyError for a rule set there is not.
    """
    require(actor, PERMISSION)
    rows = Classification.objects.visible_to(actor)
    held = rows.filter(number=name).first() or rows.filter(title=name).order_by("-at").first()
    if held is not None:
        terms = Terms.of(held) if ruleset in (None, held.ruleset) else Terms(str(ruleset))
        kept = held.computed_at is not None and terms == Terms.of(held)
        head = {"classification": held.number, "title": held.title, "state": held.state, "on": held.on, "kept": kept}
        units = _kept(held, terms) if kept else _worked(whatif.worked_of(held, terms), _before(held))
        return _told(head, terms, units, held.told.get("left_out", {}) if kept else {})
    campaign = campaign_named(actor, name)
    if campaign is None:
        raise NotFound(name)
    terms = Terms(ruleset) if ruleset else whatif.usual()
    worked = whatif.worked_of_rounds(actor, campaign, terms)
    head = {"classification": None, "title": campaign.title, "state": None, "on": actor.today, "kept": False}
    before = whatif.classes_on(campaign.division_path, actor.today)
    told = _told(head, terms, _worked(worked, before), worked.counts()["left_out"])
    return {"campaign": campaign.number, **told}


def _before(held: Classification) -> dict[int, str]:
    return whatif.classes_on(held.division_path, held.on)


def _told(
    head: Mapping[str, Any], terms: Terms, units: Sequence[Mapping[str, Any]], left_out: Mapping[str, int]
) -> dict[str, Any]:
    areas: Counter[str] = Counter()
    for one in units:
        areas[one["class"] or "unknown"] += one["area_m2"]
    return {
        **head,
        "on": head["on"].isoformat(),
        "ruleset": terms.ruleset,
        "switches": list(terms.switches),
        "mark": ruleset_of(terms.ruleset).mark,
        "classes": dict(Counter(one["class"] or "unknown" for one in units)),
        "areas_m2": dict(areas),
        "left_out": dict(left_out),
        "units": list(units),
    }


def _kept(held: Classification, terms: Terms) -> list[dict[str, Any]]:
    rules = ruleset_of(terms.ruleset, terms.switches)
    rows = live(held).select_related("unit", "version").defer("version__geometry").order_by("unit__number")
    return [
        {
            "unit": one.unit.number,
            "name": one.version.name,
            "area_m2": one.version.area_m2,
            "class": final(one) or None,
            "proposed": one.proposed or None,
            "settled": one.settled or None,
            "soil_only": one.soil_only or None,
            "controlling": [slug for slug in one.controlling.split("、") if slug],
            "before": one.before or None,
            **reasons(one.detail, rules),
        }
        for one in rows.iterator(1_000)
    ]


def _worked(worked: Worked, before: Mapping[int, str]) -> list[dict[str, Any]]:
    found = []
    for at, (unit, pairs) in enumerate(zip(worked.gathered.units, pairs_of_units(worked.gathered), strict=True)):
        proposed = worked.class_at(at) or None
        found.append(
            {
                "unit": unit.number,
                "name": unit.name,
                "area_m2": unit.area_m2,
                "class": proposed,
                "proposed": proposed,
                "settled": None,
                "soil_only": worked.soil_only(at) or None,
                "controlling": [slug for slug in worked.controlling(at).split("、") if slug],
                "before": before.get(unit.unit) or None,
                **reasons(worked.detail(at, pairs), worked.ruleset),
            }
        )
    return found


def reasons(detail: Mapping[str, Any], rules: Ruleset, language: str = "zh") -> dict[str, Any]:
    """Points and samples of a unit, points to be drawn out, and the sentences of each element."""
    told = explained(detail, rules)
    return {
        "points": len(detail.get("points", ())),
        "produce_points": len(detail.get("produce", ())),
        "apart": list(told.apart),
        "because": {
            one.element: "".join(one.sentences(language)) for one in (*told.elements, *told.beside)
        },
        "sentence": told.message.sentence(language),
    }  # fmt: skip

"""What produce and grain add to other pages: to a unit its seasons with the tests they owe, locks that wait, its lots; to a batch
of a laboratory what of its produce lies above.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor, may
from soildesk.farmland.grainwords import (
    above_words,
    content_word,
    lot_chip,
    owed_chip,
    owed_key,
    proposal_chip,
    risk_words,
)
from soildesk.farmland.models import FarmlandClass, LockProposal, Lot, ProduceTest, UnitClass, UnitVersion
from soildesk.farmland.queries import balances, foodzones, labproduce, owedtests
from soildesk.farmland.register.beside import beside, chipped
from soildesk.farmland.register.lotpage import first_step
from soildesk.farmland.register.seasons import of_others
from soildesk.farmland.services.lines import line_of
from soildesk.kit.parts import Chip
from soildesk.monitoring.queries import jointresults
from soilrules.verdict import Outcome

LATEST = 6


@chipped
def waiting(actor: Actor, version: UnitVersion, on: date) -> list[Chip]:
    """That grain of a unit lies above its limit and nobody decided yet, or that it is locked."""
    proposals = LockProposal.objects.visible_to(actor).filter(
        superseded_at=None, unit=version.unit_id, state=LockProposal.State.OPEN
    )
    chips = [] if not proposals.exists() else [Chip("bad", _("检测超标，待确认锁定"), url="#grain")]
    lots = Lot.objects.visible_to(actor).filter(
        superseded_at=None, units=version.unit_id, locked_on__lte=on, unlocked_on=None
    )
    return [*chips, *(Chip("bad", _("粮食锁定中"), "lock", url="#grain") for _lot in lots[:1])]


@chipped
def in_food_zone(actor: Actor, version: UnitVersion, on: date) -> list[Chip]:
    """That ground under strict control still lies in a zone for grain."""
    strict = UnitClass.objects.standing(on).filter(unit=version.unit_id, farmland_class=FarmlandClass.STRICT)
    held = foodzones.drawn(actor, on) if strict.exists() else None
    found = foodzones.inside(version, held) if held else None
    if found is None or not found.zones:
        return []
    why = _("严格管控类耕地还在%(zones)s内：请报原批准机关调出。") % {"zones": "、".join(found.zones)}
    return [Chip("warn", _("两区待调整"), why=why)]


@beside(order=60)
def section(actor: Actor, version: UnitVersion, on: date) -> str:
    """Seasons, tests and lots of a unit."""
    owed = sorted(
        owedtests.of_units([version.unit_id], on), key=lambda one: one.season.harvest_from or date.max, reverse=True
    )
    lots = Lot.objects.visible_to(actor).filter(superseded_at=None, units=version.unit_id).order_by("-number")[:LATEST]
    held = balances.of_many(lots, on)
    proposals = LockProposal.objects.visible_to(actor).filter(
        superseded_at=None, unit=version.unit_id, state=LockProposal.State.OPEN
    )
    risks = owedtests.risks_of([version.unit_id], on).get(version.unit_id)
    context = {
        "number": version.unit.number,
        "risks": risk_words(risks),
        "unknown": risks is None,
        "seasons": [(one, owed_chip(owed_key(one))) for one in owed[:LATEST]],
        "lots": [(one.lot, lot_chip(one.lot), first_step(one)) for one in held.values()],
        "proposals": [(one, above_words(one.test)) for one in proposals.select_related("test")],
        "whose": of_others(actor, [line_of(version)], version),
        "untold": labproduce.untold([version.unit_id], on),
    }
    return render_to_string("farmland/grain_of_unit.html", context)


def of_batch(actor: Actor, batch: Any, on: date) -> str:
    """What of the produce of a laboratory's batch lies above its limit, and the lock that waits for it."""
    if not may(actor, "farmland.read"):
        return ""
    results = jointresults.results([jointresults.PRODUCE], on, batch=batch.pk)
    above: dict[str, list[jointresults.JointResult]] = defaultdict(list)
    for one in results:
        if one.verdict == Outcome.EXCEEDS:
            above[one.sample].append(one)
    if not above:
        return ""
    rows = ProduceTest.objects.visible_to(actor).filter(superseded_at=None, number__in=[key[:60] for key in above])
    tests: dict[str, list[ProduceTest]] = defaultdict(list)
    for test in rows.select_related("unit", "proposal"):
        tests[test.number].append(test)
    lines = [
        (sample, "、".join(f"{content_word(one.analyte)} {one.printed} {one.unit}" for one in found), [
            (test, proposal_chip(getattr(test, "proposal", None))) for test in tests[sample[:60]]
        ])
        for sample, found in sorted(above.items())
    ]  # fmt: skip
    return render_to_string("farmland/grain_of_batch.html", {"lines": lines})

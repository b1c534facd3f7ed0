"""An assessment as a page: the score bar, the items with what is known of each, what is missing, the sample, what may follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from soildesk.assessment import words
from soildesk.assessment.models import Assessment
from soildesk.assessment.queries import records
from soildesk.assessment.queries.facts import Kept
from soildesk.assessment.queries.facts import shown as value_shown
from soildesk.assessment.queries.standing import SELF_STAGE, Standing, objections_until
from soildesk.assessment.services.acting import barred_by_side
from soildesk.assessment.services.checking import again
from soildesk.core import files
from soildesk.core.permissions import may
from soildesk.kit.languages import language, listed
from soilrules.assessment import life
from soilrules.assessment.scheme import Method, Scheme
from soilrules.supervision.authorities import body_names

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor
    from soilrules.assessment.score import Score, Scored

State = Assessment.State
NOTHING: Kept = {"rows": [], "why": "", "figures": []}


def may_do(assessment: Assessment, act: life.Act, actor: Actor) -> bool:
    """Whether the actor may do the act now: state, side and right."""
    row = life.table()[act]
    barred = barred_by_side(assessment, row.side, actor)
    return not barred and life.may_be(act, assessment.state) and may(actor, row.right, assessment)


def shown(standing: Standing, score: Score, actor: Actor) -> dict[str, Any]:
    """What the template draws."""
    one = standing.assessment
    acts = {
        name: may_do(one, life.Act(name), actor) for name in ("fill", "confirm", "check_row", "answer")
    }  # fmt: skip
    rank = records.rank_of(one)
    others = {row.item for row in records.objections(one) if row.upheld is None}
    return {
        "assessment": one,
        "score": score,
        "bar": bar(standing.scheme, score),
        "score_words": words.score_words(score),
        "grade_words": words.grade_words(score),
        "vetoed": vetoed(score),
        "rank_words": words.rank_words(*rank, among=one.state in records.RANKED),
        "own": one.state in SELF_STAGE,
        "next": words.next_words(one.state, answered=not others, until=objections_until(one)),
        "parts": parts(standing, score, acts, others),
        "rules": _rules(standing, score, acts),
        "missing": _missing(standing, score),
        "acts": acts,
        "sample": _sample(standing, acts),
        "objections": [
            (row, standing.rules[row.item].title if row.item in standing.rules else "", files.uses_of(row))
            for row in records.objections(one)
        ],
        "proposals": _proposals(one, actor),
        "said_left": len(standing.to_confirm()),
    }  # fmt: skip


def vetoed(score: Score) -> str:
    """The vetoes that hold: why a grade is lower than its score."""
    return listed(one.rule.title for one in score.vetoes if one.holds)


def bar(scheme: Scheme, score: Score) -> dict[str, Any] | None:
    """The score as a bar from 0 to 100, with the edges of the grades of the scheme."""
    if score.worst is None or score.best is None:
        return None
    return {
        "sure": f"{score.worst:f}",
        "width": f"{score.best - score.worst:f}",
        "edges": (edges := [f"{one.at_least.normalize():f}" for one in reversed(scheme.grades) if one.at_least]),
        "edges_words": listed(edges),
        "label": words.span(score.worst, score.best),
    }


def parts(standing: Standing, score: Score, acts: dict[str, bool], objected: set[str]) -> list[dict[str, Any]]:
    """The items by their parts."""
    found: dict[str, list[dict[str, Any]]] = {}
    kept = standing.kept()
    for one in score.items:
        found.setdefault(one.item.part, []).append(
            _item(standing, one, kept.get(one.item.id, NOTHING), acts | {"objected": one.item.id in objected})
        )
    return [
        {"title": standing.scheme.parts[name], "rows": rows, "weight": sum(row["item"].weight for row in rows)}
        for name, rows in found.items()
    ]


def _item(standing: Standing, one: Scored, kept: Kept, acts: Mapping[str, bool]) -> dict[str, Any]:
    item, row = one.item, standing.results.get(one.item.id)
    at = lambda name: reverse(f"assessment:{name}", args=[standing.assessment.uid, item.id])  # noqa: E731
    rows = kept["rows"]
    return {
        "item": item,
        "value": value_shown(one.fact),
        "target": ""
        if item.method is Method.PER
        else f"{'≥' if item.comparator == '>=' else '≤'}{item.target.normalize():f}",
        "chip": words.chip(words.SAID, str(one.said), words.sentence(one.message)),
        "points": words.span(one.low, one.high),
        "why": words.sentence(one.message),
        "records": kept["why"],
        "rows": len(rows),
        "bad": sum(not each["good"] for each in rows),
        "stated": item.stated,
        "result": row,
        "differs": _differs(standing, item.id),
        "earlier": bool(
            row and row.checked_at and (signed := standing.assessment.signed_at) and row.checked_at < signed
        ),
        "objected": acts["objected"],
        "url": at("item"),
        "fill": at("fill") if acts["fill"] else "",
        "confirm": at("confirm") if acts["confirm"] else "",
    }


def _differs(standing: Standing, name: str) -> bool:
    """Whether the assessed say something else than the records."""
    row, fact = standing.results.get(name), standing.recorded().get(name)
    if row is None or fact is None or row.self_value is None:
        return False
    return not fact.known or fact.low != row.self_value


def _rules(standing: Standing, score: Score, acts: Mapping[str, bool]) -> list[dict[str, Any]]:
    """Deductions and vetoes as rows."""
    uid = standing.assessment.uid
    found: list[dict[str, Any]] = []
    for one in score.deductions:
        found.append(
            {"rule": one.rule, "veto": False, "value": value_shown(one.fact), "taken": words.span(one.low, one.high)}
        )
    for each in score.vetoes:
        cap = words.cap_words(standing.scheme, each.rule.cap)
        found.append(
            {"rule": each.rule, "veto": True, "value": value_shown(each.fact), "holds": each.holds, "cap": cap}
        )
    for row in found:
        name = row["rule"].id
        row["url"] = reverse("assessment:item", args=[uid, name])
        stated = standing.stated(name)
        row["fill"] = reverse("assessment:fill", args=[uid, name]) if acts["fill"] and stated else ""
        row["confirm"] = reverse("assessment:confirm", args=[uid, name]) if acts["confirm"] else ""
    return found


def _missing(standing: Standing, score: Score) -> list[dict[str, Any]]:
    """What makes the score or grade unsure, with why and where to help."""
    uid = standing.assessment.uid
    return [
        {
            "title": standing.rules[name].title,
            "why": standing.assessment.facts.get(name, {}).get("why", ""),
            "stated": standing.stated(name),
            "url": reverse("assessment:item", args=[uid, name]),
        }
        for name in score.missing
    ]


def _sample(standing: Standing, acts: Mapping[str, bool]) -> dict[str, Any] | None:
    made = standing.draw
    if made is None:
        return None
    urls = {(item, one["key"]): one["url"] for item, kept in standing.assessment.facts.items() for one in kept["rows"]}
    uid = standing.assessment.uid
    return {
        "draw": made,
        "percent": f"{(made.share * 100).normalize():f}",
        "all": sum(len(keys) for keys in made.population.values()),
        "same": again(made),
        "left": sum(not row.outcome for row in standing.drawn),
        "rows": [
            {"row": row, "item": standing.rules[row.item].title, "chip": words.chip(words.OUTCOMES, row.outcome),
             "url": urls.get((row.item, row.key), ""),
             "check": reverse("assessment:check_row", args=[uid, row.pk]) if acts["check_row"] else ""}
            for row in standing.drawn
        ],
    }  # fmt: skip


def _proposals(one: Assessment, actor: Actor) -> list[dict[str, Any]]:
    names = body_names(language())
    decides = not barred_by_side(one, life.Side.ASSESSOR, actor) and may(actor, "assessment.finish", one)
    return [
        {"row": row, "chip": words.chip(words.PROPOSALS, row.state), "kind": words.CONSEQUENCES.get(row.kind, row.kind),
         "bodies": listed(names[body] for body in names if str(body) in row.bodies),
         "decide": reverse("assessment:decide", args=[one.uid, row.uid]) if decides and row.state == "proposed" else ""}
        for row in records.proposals(one)
    ]  # fmt: skip

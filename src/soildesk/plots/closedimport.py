"""The list of closed or moved firms that 工信 sends: each row becomes a candidate, once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.errors import Refusal
from soildesk.enterprises.services.firms import plain_name, valid_code, valid_industry
from soildesk.kit.imports import (
    ImportKind,
    ImportRefused,
    ImportRow,
    Purpose,
    RowFate,
    Understood,
    Verdict,
    add,
)
from soildesk.plots import plotsheets
from soildesk.plots.models import Candidate
from soildesk.plots.plotsheets import Told, day_in
from soildesk.plots.services import candidates
from soildesk.plots.services.candidates import Fed

KEYS = ("firm", "credit_code", "industry", "address", "products", "closed_on", "ground")
FED = "_fed"


def read(data: bytes, name: str, purpose: Purpose) -> Understood:
    """What a list of closed firms would bring in."""
    table = plotsheets.read(data, name, keys=KEYS, needs=("firm",))
    known = set(Candidate.objects.visible_to(purpose.actor).values_list("origin", flat=True))
    return Understood(table.columns, list(_fates(table.rows, known)), table.notes)


def _fates(rows: Sequence[Told], known: set[str]) -> Iterator[RowFate]:
    seen: set[str] = set()
    for row in rows:
        facts, notes, wrong = _read(row.said)
        origin = origin_of(facts)
        if wrong or not facts["firm"]:
            yield RowFate(row.position, row.raw, Verdict.REFUSED, [wrong or _("没有企业名称：请补充。")])
        elif origin in known or origin in seen:
            yield RowFate(row.position, row.raw, Verdict.OK, [_("以前已列为线索，不重复列入。")])
        else:
            seen.add(origin)
            after = {key: str(value) for key, value in facts.items() if value}
            verdict = Verdict.WARNING if notes else Verdict.OK
            yield RowFate(row.position, {**row.raw, FED: {**after, "origin": origin}}, verdict, notes, None, after)


def _read(said: Mapping[str, str]) -> tuple[dict[str, Any], list[str], str]:
    """The facts of a row, what of them was not taken, and why the row cannot be."""
    notes: list[str] = []
    closed = day_in(said.get("closed_on", ""))
    if closed is None:
        return (
            {"firm": plain_name(said.get("firm", ""))},
            notes,
            _("没有关闭或搬迁时间，或认不出：请填写，例如 2025-06-30。"),
        )
    facts: dict[str, Any] = {"firm": plain_name(said.get("firm", "")), "closed_on": closed}
    for key, check in (("credit_code", valid_code), ("industry", valid_industry)):
        try:
            facts[key] = check(said.get(key, ""))
        except Refusal as refusal:
            notes.append(str(refusal))
    return facts | {key: said.get(key, "") for key in ("address", "products")}, notes, ""


def origin_of(facts: Mapping[str, Any]) -> str:
    """The record a row is: the firm by its code or name, at its address."""
    who = facts.get("credit_code") or facts.get("firm", "")
    place = hashlib.sha256(str(facts.get("address", "")).encode()).hexdigest()[:12]
    return f"closed:{who}:{place}"


def apply(rows: Sequence[ImportRow], purpose: Purpose) -> Mapping[str, int]:
    """Take the rows in as candidates."""
    fed = [_fed(row.raw[FED]) for row in rows if FED in row.raw]
    try:
        made = candidates.take_in(fed, by=purpose.actor, at=purpose.at, batch=purpose.batch)
    except Refusal as refusal:
        raise ImportRefused(str(refusal), code="kit.import.row") from refusal
    return {"candidates": len(made)}


def _fed(said: Mapping[str, str]) -> Fed:
    return Fed(
        source=Candidate.Source.CLOSED,
        origin=said["origin"],
        title=_("%(firm)s用地") % {"firm": said["firm"]},
        found_on=date.fromisoformat(said["closed_on"]),
        firm_name=said["firm"],
        credit_code=said.get("credit_code", ""),
        industry=said.get("industry", ""),
        address=said.get("address", ""),
        products=said.get("products", ""),
    )


KIND = add(
    ImportKind(
        name="plots.closed",
        title=_l("关闭搬迁企业名单"),
        permission="plots.decide",
        read=read,
        apply=apply,
        names={**plotsheets.TITLES, "candidates": _l("列入的线索")},
        accepts=(".xlsx", ".xls"),
        hint=_l(
            "选择工信部门的关闭、搬迁企业表（企业名称、行业、地址、产品、关闭或搬迁时间）：每家企业列为一条线索，由经办人核实。"
        ),
        done_url=lambda batch: reverse("kit:collection", args=["plot_candidates"]),
    )
)

"""Grounds and questions of the gate from the short notation of the YAML cases (tests/cases/gate/README.md)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from soilrules.gate import (
    Care,
    Change,
    GateFacts,
    Ground,
    KeyUnitSite,
    Membership,
    Neighbour,
    PastKind,
    PastUse,
    Piece,
    PlanState,
    Plot,
    PresentUse,
    Profile,
    ProvinceQuery,
    RegisteredUse,
    Report,
    ReportKind,
    Source,
    Step,
    StepKind,
    Transfer,
    Violation,
    WrittenGround,
    Zone,
    ZoneKind,
    profile_of,
    read_profile,
)
from soilrules.gate.rules import sources
from soilrules.plots.state import Aftercare
from soilrules.strict import Record

FOLDER = Path(__file__).resolve().parents[1] / "cases" / "gate"
CLEAN: dict[str, Any] = {
    "kind": "preliminary", "accepted_on": date(2020, 3, 1), "filed_on": date(2020, 3, 2), "exceeds": False, "land_class": "class_1",
    "standard_current": True, "uses_since": [], "lineage_since": [],
}  # fmt: skip
ANSWERED = {one: Source(True, date(2026, 11, 1)) for one in sources()}
QUERY = ProvinceQuery(date(2017, 1, 1), "王工", "未列入", "shot.png", found=False)


def cases(*names: str) -> list[dict[str, Any]]:
    """The cases of files of tests/cases/gate."""
    return [case for name in names for case in yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))]


def _sources(case: dict[str, Any]) -> dict[str, Source]:
    if case.get("unplaced"):
        return dict.fromkeys(ANSWERED, Source(False, unplaced=True))
    silent = {key: Source(False, day) for key, day in case.get("silent", {}).items()}
    unheld = {"plots": Source(False, undrawn=tuple(case["unheld"]))} if "unheld" in case else {}
    return {**ANSWERED, **silent, **unheld}


def question(case: dict[str, Any], on: date) -> GateFacts:
    """The question of a case on a day."""
    pieces = tuple(_piece(key, value) for key, value in case.get("pieces", {"a": 1000}).items())
    return GateFacts(
        act=case["act"],
        use=case["use"],
        on=on,
        ground=Ground(case.get("area", sum(one.area_m2 for one in pieces)), pieces),
        scheme=case.get("scheme", ""),
        current_use=case.get("current", None if "uses" in case else "M1"),
        uses=tuple(PresentUse(key, use) for key, use in case.get("uses", {}).items()),
        registered=tuple(RegisteredUse(key, use) for key, use in case.get("registered", {}).items()),
        plots=tuple(_plot(key, value or {}) for key, value in case.get("plots", {}).items()),
        reports=tuple(_report(key, value) for key, value in case.get("reports", {}).items()),
        key_units=tuple(KeyUnitSite(key, key, *days) for key, days in case.get("key_units", {}).items()),
        history=tuple(PastUse(key, PastKind(kind), key) for key, kind in case.get("history", {}).items()),
        zones=tuple(Zone(key, ZoneKind(kind), key) for key, kind in case.get("zones", {}).items()),
        neighbours=tuple(Neighbour(key, key, 20.0, state) for key, state in case.get("neighbours", {}).items()),
        sources=_sources(case),
        query=_query(case.get("query", "made")),
        profile=_profile(case.get("profile"), on),
        grounds=tuple(WrittenGround(**one) for one in case.get("grounds", [])),
        plan_state=PlanState(case["plan_state"]) if "plan_state" in case else None,
        transfer=Transfer(case["transfer"]) if "transfer" in case else None,
        **{
            key: case[key]
            for key in ("recalled_on", "related", "pollutes", "food", "works_begun", "reply")
            if key in case
        },
    )


def _piece(key: str, value: Any) -> Piece:
    area, *over = value if isinstance(value, list) else [value]
    return Piece(key, area, frozenset(over))


def _plot(key: str, row: dict[str, Any]) -> Plot:
    return Plot(
        key,
        key,
        stage=row.get("stage", ""),
        memberships=tuple(Membership(*one) for one in row.get("lists", [])),
        steps=tuple(_step(*one) for one in row.get("steps", [])),
        exceeds=row.get("exceeds"),
        target_reached=row.get("target"),
        high_risk=row.get("high_risk"),
        violations=tuple(Violation(*one) for one in row.get("violations", ())),
        care=_care(*row["care"]) if "care" in row else None,
    )


def _care(state: str, limits: str | None = None, until: date | None = None) -> Care:
    return Care(Aftercare(state), limits, until)


def _step(kind: str, since: date, done: date | str | None = None) -> Step:
    known = not isinstance(done, str)
    return Step(StepKind(kind), since, done if isinstance(done, date) else None, known)


def _report(key: str, row: dict[str, Any] | str) -> Report:
    told = dict(CLEAN) if row == "clean" else {**CLEAN, **row["clean"]} if "clean" in row else dict(row)  # type: ignore[call-overload, operator]
    kind = ReportKind(told.pop("kind"))
    changes = {one: _changes(told.pop(one, None)) for one in ("uses_since", "lineage_since")}
    return Report(key, kind, **changes, **told)


def _changes(rows: list[list[Any]] | None) -> tuple[Change, ...] | None:
    return None if rows is None else tuple(Change(*one) for one in rows)


def _query(row: dict[str, Any] | str | None) -> ProvinceQuery | None:
    if not isinstance(row, dict):
        return QUERY if row == "made" else None
    return ProvinceQuery(**{**row, "lists": tuple(row.get("lists", ()))})


def _profile(row: dict[str, Any] | str | None, on: date) -> Profile | None:
    if isinstance(row, str):
        return profile_of(row, on)
    return read_profile(Record({**EMPTY, **row}, "case")) if isinstance(row, dict) else None


EMPTY: dict[str, Any] = {
    "division": "990101", "title": "示例区属地规则", "since": date(2017, 1, 1), "until": None, "checked_on": date(2026, 11, 1),
    "rows": [], "moments": [],
}  # fmt: skip

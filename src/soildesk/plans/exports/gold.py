"""The ledger as JSON: the schema plans are scored by, with the desk's own keys beside it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from soildesk.plans.exports.rows import ExportIndicator, ExportMilestone, ExportRow, ExportSection, LedgerExport

OPENING = 25  # characters of a task's text that the schema compares


def ledger_json(ledger: LedgerExport) -> bytes:
    """The ledger as UTF-8 JSON."""
    return (json.dumps(ledger_dict(ledger), ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def ledger_dict(ledger: LedgerExport) -> dict[str, Any]:
    """The ledger as plain data; absent values are null, as in the schema."""
    clause = None
    if ledger.universal_clause:
        units = list(ledger.universal_units)
        clause = {"text": ledger.universal_clause, "units": units, "role": ledger.universal_role}
    return {
        "title": ledger.title or None,
        "issuer": ledger.issuer or None,
        "doc_number": ledger.doc_number or None,
        "issued_on": _iso(ledger.issued_on),
        "region": ledger.region or None,
        "as_of": _iso(ledger.as_of),
        "prepared_by": ledger.prepared_by or None,
        "indicators": [_indicator(indicator) for indicator in ledger.indicators],
        "universal_clause": clause,
        "tasks": [_task(section, row) for section, row in ledger.rows()],
    }


def _task(section: ExportSection, row: ExportRow) -> dict[str, Any]:
    return {
        "uid": row.uid,
        "number": row.number or None,
        "section": list(section.path),
        "title": row.title or None,
        "text_starts": row.text[:OPENING],
        "body_starts": row.text[row.body_start : row.body_start + OPENING] if row.body_start else None,
        "text": row.text,
        "lead": list(row.lead),
        "support": list(row.support),
        "responsible": list(row.responsible),
        "deadline_text": row.deadline_text or None,
        "deadline": _iso(row.deadline),
        "deadline_alt": [day.isoformat() for day in row.deadline_alt],
        "ongoing": row.ongoing,
        "milestones": [_milestone(milestone) for milestone in row.milestones],
        "state": row.state or None,
        "progress": row.progress or None,
        "because": list(row.because),
        "quote": row.quote or None,
        "line": row.line,
        "spans": dict(row.spans),
    }


def _milestone(milestone: ExportMilestone) -> dict[str, Any]:
    return {
        "text": milestone.text,
        "what": milestone.what or None,
        "due": _iso(milestone.due),
        "kind": milestone.kind,
        "internal": milestone.internal,
    }


def _indicator(indicator: ExportIndicator) -> dict[str, Any]:
    return {
        "name": indicator.name,
        "target": indicator.target,
        "comparator": indicator.comparator,
        "year": indicator.year,
        "unit": indicator.unit,
        "quote": indicator.quote,
        "scope": indicator.scope,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None

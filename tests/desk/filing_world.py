"""Filings for tests, made by services: `sent(made, firm, kind)` is one filled in and sent by the firm's representative."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from desk.enterprise_world import Firms
from soildesk.core.models import Person, RoleGrant
from soildesk.enterprises.filingforms import form_of
from soildesk.enterprises.models import Filing
from soildesk.enterprises.services import filings
from soildesk.enterprises.services.filings import What

K = Filing.Kind
PDF = b"%PDF-1.4\n%%EOF"
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
FULL: dict[str, dict[str, Any]] = {
    K.TOXIC_REPORT: {
        "year": "2025", "none": "no",
        "substances": [{"name": "六价铬", "way": "water", "amount": "12.5", "outlet": "DW001"}],
    },
    K.HAZARD_REPORT: {"finished_on": "2026-09-01", "edition": "HJ 1478-2026", "found": "6", "rectified": "5"},
    K.SELFMON_PLAN: {
        "valid_from": "2026-01-01", "first_units": "1", "second_units": "2",
        "points": [{"code": "S1", "medium": "soil", "analytes": "镉、铅", "times": "1"}],
    },
    K.SELFMON_DATA: {"sampled_on": "2026-06-01", "medium": "both", "points": "4", "exceeded": "0"},
    K.TANK_INFO: {"tanks": [{"code": "G1", "installed_on": "2012-05-01", "service_years": "20"}]},
    K.DEMOLITION_PLAN: {
        "planned_start": "2027-03-01", "basics": "yes", "techniques": "yes", "surroundings": "yes", "emergency": "yes",
        "residues": "no",
    },
    K.DEMOLITION_REPORT: {
        "started_on": "2026-03-01", "finished_on": "2026-05-01", "residues_gone": "yes", "polluted": "no",
    },
    K.BASELINE: {"surveyed_on": "2026-02-01", "polluted": "no"},
    K.SURVEY: {"purpose": "transfer", "surveyed_on": "2026-02-01", "polluted": "no"},
    K.LETTER: {"signed_on": "2026-03-01", "authority": "青禾区人民政府"},
    K.INSURANCE: {"insurer": "青禾财险", "policy": "P-1", "since": "2026-01-01", "until": "2026-12-31"},
}  # fmt: skip


def full(kind: str) -> dict[str, Any]:
    """Everything a form of that kind asks for."""
    return deepcopy(FULL[Filing.Kind(kind)])


def sent(
    made: Firms, firm: Any, kind: str, *, who: str = "firm", period: str = "2026", subject: str = "", **entries: Any
) -> Filing:
    """One filing of a firm, filled in and sent."""
    by, form = made.world.actor(who), form_of(kind)
    what = What(kind, period, subject or (str(form.subject) if form.subject else ""))
    filing = filings.draft(firm, what, by=by, at=AT)
    filings.save(filing, {**full(kind), **entries}, by=by, at=AT)
    if form.file:
        filings.attach(filing, data=PDF, name="报告.pdf", by=by, at=AT)
    return filings.submit(filing, by=by, at=AT)


def industry(made: Firms) -> Person:
    """Somebody of the department of industry, known to the world as `industry`."""
    unit = made.world.departments["industry"]
    person = Person.objects.create(username="industry", name="industry", department=unit)
    role = RoleGrant.Role.DEPARTMENT
    RoleGrant.objects.create(person=person, role=role, division=made.world.district, department=unit)
    made.world.people["industry"] = person
    return person

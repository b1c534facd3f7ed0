"""The ledger of a plan as plain rows for the forms that go out."""

from __future__ import annotations

from datetime import date
from typing import Any

from soildesk.plans.exports import LedgerExport
from soildesk.plans.models import Plan


def ledger_of(plan: Plan, day: date) -> LedgerExport:
    """The accepted ledger (a plan under review: everything not rejected) as it stands on `day`."""
    raise LookupError(plan, day, Any)

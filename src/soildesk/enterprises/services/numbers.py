"""Numbers of what a firm itself sees of its own: counted within the firm."""

from __future__ import annotations

from soildesk.core.models import Department
from soildesk.core.numbers import next_number
from soildesk.enterprises.models import EnterpriseVersion


def number_of_firm(firm: EnterpriseVersion, kind: str, year: int) -> str:
    """The next number of a kind of one firm: `SB-990101-2020-00007-2026-001`, the third of it `…-003`.

    One count for all firms of a place would tell each of them how much the others file, inspect and find.
    """
    counting = Department.objects.order_by("pk")[0]  # the same for ever, also where another department keeps the firm
    serial = next_number(counting, f"firm.{kind}.{firm.enterprise_id}", year)
    return f"{kind}-{firm.enterprise.number.partition('-')[2]}-{year}-{serial:03d}"

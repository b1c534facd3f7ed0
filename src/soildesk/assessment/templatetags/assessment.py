"""Numbers of schemes as people write them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template

register = template.Library()


@register.filter
def plainly(value: Any) -> str:
    """A decimal without needless zeros and without an exponent; nothing is a dash.

    >>> plainly(Decimal("100.0000")), plainly(None)
    ('100', '—')
    """
    return "—" if value is None else f"{Decimal(value).normalize():f}"

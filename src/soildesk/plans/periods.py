"""Reporting periods, as the rules count them."""

from soilrules.deadlines.periods import MONTHS, Period, period_of, periods_between

__all__ = ["MONTHS", "Period", "period_of", "periods_between"]

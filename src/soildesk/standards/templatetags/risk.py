"""Template filters of risk: figures as `riskwords` prints them."""

from __future__ import annotations

from django import template

from soildesk.standards import riskwords

register = template.Library()


@register.filter
def risk_figure(value: float | None) -> str:
    """Three digits; a dash for what is not known."""
    return riskwords.figure(value)


@register.filter
def risk_percent(value: float | None) -> str:
    """A share in percent."""
    return riskwords.percent(value)

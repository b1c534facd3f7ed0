"""What local rules adopted here say of the province's limit and of who reviews, told to the register of plots, which stands below."""

from __future__ import annotations

from datetime import date

from soildesk.decisions.queries.profiles import adopted
from soildesk.plots.limits import Limit, level_source, limit_source
from soilrules.enterprises.lists import Level
from soilrules.plots.reports import LocalLevel


@limit_source("decisions:profiles")
def limit_of(path: str, on: date) -> Limit:
    """The province's limit as the rules adopted at a place on a day say it."""
    profile = adopted(path, on)
    if profile is None or profile.limit is None or not profile.in_force(on):
        return Limit()
    return Limit(profile.limit_rule, profile.limit.cited, profile.limit.words)


@level_source
def level_of(path: str, on: date) -> LocalLevel | None:
    """The level that reviews reports as the rules adopted at a place on a day say it."""
    profile = adopted(path, on)
    if profile is None or profile.review_level is None or not profile.in_force(on):
        return None
    level, basis = profile.review_level
    return LocalLevel(Level(level.value), basis)

"""What local rules adopted here say of the province's limit, told to the register of plots, which stands below."""

from __future__ import annotations

from datetime import date

from soildesk.decisions.queries.profiles import adopted
from soildesk.plots.limits import Limit, limit_source


@limit_source("decisions:profiles")
def limit_of(path: str, on: date) -> Limit:
    """The province's limit as the rules adopted at a place on a day say it."""
    profile = adopted(path, on)
    if profile is None or profile.limit is None or not profile.in_force(on):
        return Limit()
    return Limit(profile.limit_rule, profile.limit.cited, profile.limit.words)

"""An edition of a place as plain data, the way it is kept and handed to the limited process. No Django in here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from soilrules.standards.loader import read_edition
from soilrules.standards.model import Edition


def edition_of(data: Mapping[str, Any]) -> Edition:
    """The edition, read by the strict loader. Raises BadRuleData."""
    until = data["until"]
    days = {"since": date.fromisoformat(data["since"]), "until": date.fromisoformat(until) if until else None}
    return read_edition({**data, **days}, data["standard"])

"""Local standards known to exist whose values are not held: a pass is then a pass by the national table only."""

from __future__ import annotations

from soilrules.standards.library import Library


def note(library: Library, family: str, division: str, language: str) -> str | None:
    """What a pass does not say in a division."""
    return None

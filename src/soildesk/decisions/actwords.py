"""What acts on ground are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from soildesk.kit.languages import called
from soilrules.gate.acts import acts

SEEN = {
    "building_seen": _("发现施工"),
    "use_seen": _("发现使用"),
    "fill_seen": _("发现填土"),
    "dump_seen": _("发现倾倒、堆存"),
}
"""What an image or a walk shows; no office decided it."""
BROUGHT = ("fill_seen", "dump_seen")
"""Matter brought onto the ground: nobody writes it down without naming the proof."""


def choices() -> list[tuple[str, str]]:
    """The acts of the gate by their names, and what can be seen."""
    return [*((name, word(name)) for name in acts()), *((key, str(text)) for key, text in SEEN.items())]


def word(act: str) -> str:
    """The name of one act."""
    held = acts().get(act)
    return called(held) if held else str(SEEN.get(act, act))

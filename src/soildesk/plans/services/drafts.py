"""From bytes or pasted words to a draft: the file is parsed in a limited child process, the text read by the grammar."""

from __future__ import annotations

from soildesk.core.sandbox import parse_in_child
from soilrules import plantext
from soilrules.plantext.draft import PlanDraft
from soilrules.plantext.formats import load_text


def read_file(data: bytes, name: str, *, year: int | None = None) -> PlanDraft:
    """Read an uploaded file; raises UnreadableFile with its sentence. `year`: the plan's year where the text prints none."""
    return plantext.read(parse_in_child(data, name), year=year)


def read_pasted(text: str, *, year: int | None = None) -> PlanDraft:
    """Read pasted text."""
    return plantext.read(load_text(text), year=year)

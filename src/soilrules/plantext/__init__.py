"""Plan documents read into drafts.

The names are loaded when somebody asks for one: those who only open files (`formats`) do it in a process of its own for
each file, and wait for what it loads.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from soilrules.plantext.document import Document
    from soilrules.plantext.draft import PlanDraft
    from soilrules.plantext.ledger import as_json
    from soilrules.plantext.reader import read
    from soilrules.plantext.verification import Stale, verify

__all__ = ["Document", "PlanDraft", "Stale", "as_json", "read", "verify"]

_STAND_IN = {
    "Document": "document", "PlanDraft": "draft", "Stale": "verification", "as_json": "ledger", "read": "reader",
    "verify": "verification",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _STAND_IN:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"{__name__}.{_STAND_IN[name]}"), name)
    return found

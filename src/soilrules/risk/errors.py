"""What a case is refused with: a sentence in two languages that names place, value and expectation."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

from soilrules.messages import Message


class CaseError(ValueError):
    """Input that cannot be taken. `message` has the sentence in both languages; str() is the English one."""

    def __init__(self, message_id: str, **params: object) -> None:
        self.message = Message("risk", "errors", message_id, {key: str(value) for key, value in params.items()})
        super().__init__(self.message.sentence("en"))


def nearest(name: str, known: Collection[str]) -> str | None:
    """The known name that looks most like `name`, whatever its case; None where none does.

    >>> nearest("BWA", ["BWa", "EDa"])
    'BWa'
    """
    folded = {one.casefold(): one for one in known}
    found = get_close_matches(name.casefold(), folded, n=1, cutoff=0.5)
    return folded[found[0]] if found else None


def unknown(kind: str, name: object, known: Collection[str], *, place: str) -> CaseError:
    """The error for a name that is not in a list, with the nearest name where there is one."""
    found = nearest(str(name), known)
    if found:
        return CaseError(f"unknown_{kind}_nearest", place=place, name=name, nearest=found)
    return CaseError(f"unknown_{kind}", place=place, name=name)

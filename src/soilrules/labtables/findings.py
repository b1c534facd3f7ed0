"""What is told about a file beside its records, and why a whole file may be refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from soilrules.messages import Message

ROOM = "labtables"


class LabTableRefused(ValueError):
    """A file that cannot be read as a laboratory table at all; the message says why and what to do next."""

    def __init__(self, message_id: str, **params: str | int) -> None:
        self.message = Message(ROOM, "refusals", message_id, {key: str(value) for key, value in params.items()})
        super().__init__(self.message.sentence("en"))

    def sentence(self, language: str = "zh") -> str:
        """The reason in `language` (zh or en)."""
        return self.message.sentence(language)


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding about a file: its first place, and how many places there are.

    `message` belongs to the group `records` (the record carries the same id) or `problems`.
    """

    message: Message
    row: int | None = None
    cell: str | None = None
    count: int = 1

    @property
    def id(self) -> str:
        """The id of the sentence."""
        return self.message.id


@dataclass(slots=True)
class _Found:
    params: dict[str, str]
    row: int | None
    cell: str | None
    count: int


@dataclass(slots=True)
class Findings:
    """Problems as they are met: the first place of each kind is kept, the others are counted."""

    _found: dict[tuple[str, str], _Found] = field(default_factory=dict)
    _each: list[Problem] = field(default_factory=list)

    def add(
        self, group: str, message_id: str, params: Mapping[str, object], *, row: int | None = None,
        cell: str | None = None, count: int = 1,
    ) -> None:  # fmt: skip
        """Count `count` more of a kind."""
        if known := self._found.get((group, message_id)):
            known.count += count
            return
        texts = {"row": str(row or ""), "cell": cell or ""} | {key: str(value) for key, value in params.items()}
        self._found[group, message_id] = _Found(texts, row, cell, count)

    def tell(
        self, message_id: str, params: Mapping[str, object], *, row: int | None = None, cell: str | None = None
    ) -> None:
        """Keep a problem of its own, however many of its kind there are."""
        texts = {"row": str(row or ""), "cell": cell or "", "count": "1"}
        texts |= {key: str(value) for key, value in params.items()}
        self._each.append(Problem(Message(ROOM, "problems", message_id, texts), row, cell))

    def problems(self) -> tuple[Problem, ...]:
        """All of them, those of their own first."""
        kinds = (
            Problem(
                Message(ROOM, group, message_id, one.params | {"count": str(one.count)}), one.row, one.cell, one.count
            )
            for (group, message_id), one in self._found.items()
        )
        return (*self._each, *kinds)

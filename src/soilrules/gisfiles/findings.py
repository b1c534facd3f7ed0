"""What is told about a file of geometry: why it is refused, what holds for all of it, what holds for one row.

Row findings travel with their row, in the column `__note`, as JSON: a batch may cross from one process to another.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import ClassVar

from soilrules.messages import Message

ROOM = "gisfiles"


class GisRefusal(ValueError):
    """A file that is refused; the message says why and what to do next. `code` never changes."""

    group: ClassVar[str]

    def __init__(self, code: str, **params: str | int) -> None:
        self.message = Message(ROOM, self.group, code, {key: str(value) for key, value in params.items()})
        super().__init__(self.message.sentence("en"))

    @property
    def code(self) -> str:
        """The id of the sentence."""
        return self.message.id

    def sentence(self, language: str = "zh") -> str:
        """The reason in `language` (zh or en)."""
        return self.message.sentence(language)


class UnreadableGis(GisRefusal):
    """A file that cannot be read at all."""

    group = "refusals"


def must_be_within(count: int | None, most: int, name: str, layer: str) -> None:
    """Refuse a layer of more than `most` rows; `count` is how many are known of so far."""
    if count is not None and count > most:
        raise UnreadableGis("rows_over_limit", name=name, layer=layer, count=count, limit=most)


def note(note_id: str, **params: str | int) -> Message:
    """A finding about the whole file."""
    return Message(ROOM, "notes", note_id, {key: str(value) for key, value in params.items()})


def row_note(note_id: str, **params: str | int) -> Message:
    """A finding about one row; its number is added when the rows are numbered."""
    return Message(ROOM, "rows", note_id, {key: str(value) for key, value in params.items()})


def packed(messages: Sequence[Message], row: int) -> str:
    """The findings of row `row` as they stand in `__note`."""
    found = [[one.id, {**one.params, "row": str(row)}] for one in messages]
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def row_messages(text: str | None) -> tuple[Message, ...]:
    """The findings in one cell of `__note`.

    >>> row_messages(packed([row_note("geometry_missing")], 3))[0].sentence("en")
    'Row 3 has no geometry. Draw it in the source file, or leave the row out.'
    """
    return tuple(Message(ROOM, "rows", note_id, params) for note_id, params in json.loads(text or "[]"))

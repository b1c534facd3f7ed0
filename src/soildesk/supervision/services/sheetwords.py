"""What two people write in one sheet: boxes only one of them changed are put together, of the others a person decides.

A form carries the marks of the boxes as they stood when it was opened (`marks`). What was saved since is laid beside what
is sent, box by box: a box the sender left alone keeps what the other wrote; one both wrote in stands against saving.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from soildesk.supervision.queries.sheets import FREE

PARTS = ("word", "figure")


@dataclass(frozen=True, slots=True)
class Words:
    """What no record knows: the three free texts, and for tasks without records a word and a figure by the task's name."""

    free: Mapping[str, str] = field(default_factory=dict)
    tasks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def kept(cls, words: Mapping[str, object]) -> Words:
        """What a sheet keeps."""
        tasks = words.get("tasks")
        return cls({name: str(words.get(name, "")) for name in FREE}, tasks if isinstance(tasks, Mapping) else {})

    def boxes(self) -> dict[str, str]:
        """Every box by its name in the form, as it is kept."""
        told = {name: self.free.get(name, "") for name in FREE}
        told |= {f"{part}-{uid}": one.get(part, "") for uid, one in self.tasks.items() for part in PARTS}
        return {name: _plain(text) for name, text in told.items()}

    def with_boxes(self, boxes: Mapping[str, str]) -> Words:
        """The same with some boxes as others have them."""
        held = self.boxes() | boxes
        tasks = dict.fromkeys([*self.tasks, *(name.partition("-")[2] for name in boxes if name not in FREE)])
        return Words(
            {name: held[name] for name in FREE},
            {uid: {part: held.get(f"{part}-{uid}", "") for part in PARTS} for uid in tasks},
        )


@dataclass(frozen=True, slots=True)
class Together:
    """Both put together: `taken` are the boxes the other wrote, `clash` those both did, with the other's text."""

    words: Words
    taken: Collection[str]
    clash: Mapping[str, str]


def marks(words: Words) -> dict[str, str]:
    """A mark for each box that has a text, to know later whether it was changed."""
    return {name: _mark(text) for name, text in words.boxes().items() if text}


def together(mine: Words, kept: Words, read: Mapping[str, str]) -> Together:
    """What is sent and what is kept, where `read` are the marks of what the sender had before them."""
    sent, theirs = mine.boxes(), kept.boxes()
    other = {name: theirs.get(name, "") for name in {*sent, *theirs} if theirs.get(name, "") != sent.get(name, "")}
    changed = {name: text for name, text in other.items() if _mark(text) != read.get(name, _mark(""))}
    clash = {name: text for name, text in changed.items() if _mark(sent.get(name, "")) != read.get(name, _mark(""))}
    taken = {name: text for name, text in changed.items() if name not in clash}
    return Together(mine.with_boxes(taken), sorted(taken), clash)


def _plain(text: str) -> str:
    """A form sends line ends of its own."""
    return text.replace("\r\n", "\n").strip()


def _mark(text: str) -> str:
    return hashlib.sha256(_plain(text).encode()).hexdigest()[:16]

"""The life of a plot as a drawing: nodes and arrows for a picture, and the same as text for the documentation."""

from __future__ import annotations

from dataclasses import dataclass

from soilrules.messages import Message
from soilrules.plots.lifedata import LifeTable, Transition, life_table
from soilrules.plots.lists import ROOM
from soilrules.plots.state import EventKind, Exit, Stage

BACK_TO = {EventKind.EFFECT_NOT_REACHED: (Stage.S4, Stage.S5)}


@dataclass(frozen=True, slots=True)
class Node:
    """A stage and its place in the drawing."""

    stage: Stage
    column: int
    row: int
    name: Message


@dataclass(frozen=True, slots=True)
class Arrow:
    """The events that lead from one stage to another; `main` where one of them is on the way forward."""

    source: Stage
    target: Stage
    events: tuple[EventKind, ...]
    main: bool
    exit: Exit | None

    def names(self, language: str = "zh") -> tuple[str, ...]:
        """What the events are called."""
        return tuple(Message(ROOM, "events", one).sentence(language) for one in self.events)


@dataclass(frozen=True, slots=True)
class Diagram:
    """The stages and the arrows between them; events that leave a plot where it is are none."""

    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]


def diagram(table: LifeTable | None = None) -> Diagram:
    """The drawing of the whole table.

    >>> [str(one.source) for one in diagram().arrows if one.target is Stage.REMOVED]
    ['outside', 'S6']
    """
    table = table or life_table()
    nodes = tuple(
        Node(stage, column, row, Message(ROOM, "stages", stage)) for stage, (column, row) in table.places.items()
    )
    rows: dict[tuple[Stage, Stage], list[Transition]] = {}
    for row in table.transitions.values():
        for source in row.from_stages:
            for target in _targets(row, table):
                if source is not target:
                    rows.setdefault((source, target), []).append(row)
    arrows = (
        Arrow(
            source,
            target,
            tuple(one.event for one in many),
            any(one.main for one in many),
            next((one.exit for one in many if one.exit), None),
        )
        for (source, target), many in rows.items()
    )
    return Diagram(nodes, tuple(sorted(arrows, key=lambda one: (list(Stage).index(one.source), not one.main))))


def mermaid(language: str = "en", table: LifeTable | None = None) -> str:
    """The drawing as a Mermaid state diagram."""
    drawn = diagram(table)
    lines = ["stateDiagram-v2", "  direction LR"]
    lines += [f'  state "{one.name.sentence(language)}" as {one.stage}' for one in drawn.nodes]
    lines.append(f"  [*] --> {Stage.OUTSIDE}")
    for one in drawn.arrows:
        label = " / ".join(one.names(language)).replace(": ", " – ").replace("：", " – ")  # a colon would end the label
        lines.append(f"  {one.source} --> {one.target}: {label}")
    return "\n".join(lines)


def _targets(row: Transition, table: LifeTable) -> tuple[Stage, ...]:
    if row.to_works:
        return BACK_TO[row.event]
    if row.to_fact:
        return tuple(Stage(one) for one in table.facts[row.to_fact].values)
    return () if row.to is None else (row.to,)

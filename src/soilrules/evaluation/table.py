"""What an evaluation reads: a laboratory table, or results kept elsewhere and given in the same schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from soilrules.labtables import Layout, Problem
from soilrules.messages import Message


class Table(Protocol):
    """Results by the batch, in the schema of `soilrules.labtables`."""

    @property
    def name(self) -> str:
        """What the table is called."""

    @property
    def layout(self) -> Layout:
        """How its results stand."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was noticed about it."""

    def batches(self) -> Iterator[Any]:
        """Its records as Arrow batches of labtables' schema."""

    def message(self, record: dict[str, Any]) -> Message | None:
        """The sentence about the problem of one record."""

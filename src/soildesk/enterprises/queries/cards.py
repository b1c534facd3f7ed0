"""The duty cards of firms as of a day, and who has not done what."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from soildesk.core.calendar import working_calendar
from soildesk.enterprises.queries.facts import Firm, View, firms
from soilrules.enterprises.duties import CardLine, CardState, card


@dataclass(frozen=True, slots=True)
class Card:
    """The duty card of one firm and year."""

    firm: Firm
    year: int
    lines: tuple[CardLine, ...]

    @property
    def name(self) -> str:
        """What the firm was called on the day."""
        return self.firm.name

    def count(self, state: CardState) -> int:
        """How many lines stand so."""
        return sum(line.state is state for line in self.lines)


def cards(view: View, year: int, *, only: Collection[int] | None = None) -> list[Card]:
    """The cards of the firms seen that owe anything in a year, by name."""
    calendar = working_calendar()
    found = [Card(firm, year, card(firm.facts, year, view.on, calendar=calendar)) for firm in firms(view, only=only)]
    return sorted((one for one in found if one.lines), key=lambda one: (one.firm.name, one.firm.row["enterprise_id"]))

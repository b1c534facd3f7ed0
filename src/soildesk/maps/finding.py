"""The search box of the map: coordinates, and rows of the layers by name, code or number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from soildesk.kit.filters import contains
from soildesk.maps.cards import Card, cards_of
from soildesk.maps.coordinates import Spot, spots
from soildesk.maps.layers import Bounds, MapLayer

PER_LAYER = 6
SHORTEST = 1


@dataclass(frozen=True)
class Found:
    """What a text stands for on the map."""

    spots: Sequence[Spot]
    layers: Sequence[tuple[MapLayer, Sequence[Card], bool]]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found."""
        return not self.spots and not self.layers


def find(layers: Sequence[MapLayer], text: str, expected: Bounds | None) -> Found:
    """Places and rows for a text; with coordinates in it the rows are asked all the same, a code is a number too."""
    words = text.split()
    if not words or len(text.strip()) < SHORTEST:
        return Found((), ())
    hits = []
    for layer in layers:
        cards = _rows(layer, words)
        if cards:
            hits.append((layer, cards[:PER_LAYER], len(cards) > PER_LAYER))
    return Found(spots(text, expected), hits)


def _rows(layer: MapLayer, words: Sequence[str]) -> list[Card]:
    """Rows of the layer, its filters aside, that hold every word."""
    if not layer.register.search:
        return []
    rows = layer.seen.queryset()
    for word in words:
        rows = rows.filter(contains(layer.register.search, word))
    return cards_of(layer, rows.order_by("pk"), PER_LAYER + 1)

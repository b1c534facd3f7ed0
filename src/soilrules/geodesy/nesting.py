"""How deep the brackets of a text stand in each other: GEOS descends as deep, and a process whose stack ends is gone."""

from __future__ import annotations

import numpy as np

DEEPEST = 32
"""A collection of features with collections of surfaces has about a dozen."""


def too_deep(text: str | bytes) -> bool:
    """Whether a text of WKT or GeoJSON nests deeper than any shape needs.

    >>> too_deep("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))"), too_deep("GEOMETRYCOLLECTION(" * 40)
    (False, True)
    """
    held = text.encode("utf-8", "replace") if isinstance(text, str) else text
    signs = np.frombuffer(held, np.uint8)
    steps = np.isin(signs, list(b"([{")).astype(np.int8) - np.isin(signs, list(b")]}")).astype(np.int8)
    return bool(np.cumsum(steps, dtype=np.int32).max(initial=0) > DEEPEST)

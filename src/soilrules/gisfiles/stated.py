"""The coordinate system a GeoJSON states: GDAL takes one it does not know for WGS 84 and says nothing.

RFC 7946 has none but WGS 84; the format before it had a member `crs`, which most programs of offices still write.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ENDS = 65_536
"""Bytes at either end of a file in which its `crs` stands."""
_CRS = re.compile(r'"crs"\s*:\s*')
_TEXT = re.compile(r'"(?:\\.|[^"\\])*"')
_LONGEST = 300
_ABSENT = object()


def in_json(held: Any) -> str | None:
    """What a GeoJSON says of its coordinate system, on top or in its first shape; None where it says nothing, empty
    where it says that none is known.

    >>> in_json({"crs": {"type": "name", "properties": {"name": "EPSG:4547"}}}), in_json({"crs": None}), in_json({})
    ('EPSG:4547', '', None)
    """
    if not isinstance(held, Mapping):
        return None
    if "crs" in held:
        return text_of(held["crs"])
    features = held.get("features")
    inner = features[0] if isinstance(features, list) and features else held.get("geometry")
    return in_json(inner)


def text_of(crs: Any) -> str:
    """A `crs` as it names its system: by name, by number of EPSG, by address, or in whatever other form it stands.

    >>> text_of({"type": "EPSG", "properties": {"code": 4547}}), text_of("EPSG:4547")
    ('EPSG:4547', 'EPSG:4547')
    """
    if crs is None:
        return ""
    told = crs.get("properties") if isinstance(crs, Mapping) else None
    if isinstance(told, Mapping):
        if said := told.get("name") or told.get("href"):
            return str(said)[:_LONGEST]
        if code := told.get("code"):
            return f"EPSG:{code}"[:_LONGEST]
    return (crs if isinstance(crs, str) else json.dumps(crs, ensure_ascii=False))[:_LONGEST]


def in_file(path: Path) -> str | None:
    """The same of a file, which need not fit into memory."""
    with path.open("rb") as stream:
        head = stream.read(ENDS).decode("utf-8", "replace")
        stream.seek(max(0, path.stat().st_size - ENDS))
        tail = stream.read().decode("utf-8", "replace")
    for text, is_top in ((head, _opens_on_top), (tail, _closes_on_top)):
        for match in _CRS.finditer(text):
            crs, end = _value(text, match.end())
            if crs is not _ABSENT and (_is_crs(crs) or is_top(text, match.start(), end)):
                return text_of(crs)
    return None


def _value(text: str, at: int) -> tuple[Any, int]:
    try:
        found: tuple[Any, int] = json.JSONDecoder().raw_decode(text, at)
    except ValueError:
        return _ABSENT, at
    return found


def _is_crs(value: Any) -> bool:
    """Whether it is told as the format has it: a shape may hold one too; an attribute of this name is none."""
    return isinstance(value, dict) and "type" in value and isinstance(value.get("properties"), dict)


def _opens_on_top(text: str, start: int, _end: int) -> bool:
    return _depth(text[:start]) == 1


def _closes_on_top(text: str, _start: int, end: int) -> bool:
    return _depth(text[end:]) == -1


def _depth(text: str) -> int:
    """How many brackets more are opened than closed."""
    bare = _TEXT.sub("", text)
    return sum(map(bare.count, "{[")) - sum(map(bare.count, "}]"))

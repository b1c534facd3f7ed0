"""What was asked and found, as JSON: a file of strangers is read in another process than the one that asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from soilrules.gisfiles.findings import ROOM, UnreadableGis
from soilrules.gisfiles.source import Field, FileLimits, Kind, Layer, Options, Source
from soilrules.messages import Message


def options_to_wire(options: Options) -> dict[str, Any]:
    """The options as JSON takes them."""
    return asdict(options)


def options_from_wire(found: Mapping[str, Any]) -> Options:
    """The options again."""
    return Options(**{**found, "limits": FileLimits(**found["limits"])})


def source_to_wire(source: Source) -> dict[str, Any]:
    """A source as JSON takes it."""
    return {**asdict(source), "notes": [{"id": one.id, "params": dict(one.params)} for one in source.notes]}


def source_from_wire(found: Mapping[str, Any]) -> Source:
    """The source again."""
    return Source(
        **{
            **found,
            "kind": Kind(found["kind"]),
            "layers": tuple(Layer(**one) for one in found["layers"]),
            "fields": tuple(Field(**one) for one in found["fields"]),
            "geometry_kinds": tuple(found["geometry_kinds"]),
            "notes": tuple(Message(ROOM, "notes", one["id"], one["params"]) for one in found["notes"]),
        }
    )


def refusal_to_wire(error: UnreadableGis) -> dict[str, Any]:
    """A refusal as JSON takes it."""
    return {"code": error.code, "params": dict(error.message.params)}


def refusal_from_wire(found: Mapping[str, Any]) -> UnreadableGis:
    """The refusal again."""
    return UnreadableGis(found["code"], **found["params"])

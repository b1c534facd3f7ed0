"""The inside of a plant for tests, made by services: facilities, an inspection with a hazard, a drawing.

made = plant_world.Plant(world)            # 青禾电镀有限公司 with a pool and a buried tank, its representative "firm"
walk = made.inspection()                   # begun by the representative on 2026-11-10
hazard = made.hazard(walk)                 # the first item of the pool is a hazard
"""

from __future__ import annotations

import struct
import zlib
from datetime import UTC, date, datetime
from typing import Any

from desk.enterprise_world import Firms, credit_code_of
from soildesk.core.permissions import Actor
from soildesk.core.versions import Recording
from soildesk.enterprises.models import EnterpriseVersion, FacilityVersion, Hazard, Inspection
from soildesk.enterprises.queries.inspections import sheets
from soildesk.enterprises.services import facilities, inspections
from soildesk.enterprises.services.inspections import Beginning, Said
from soildesk.enterprises.services.plantside import Done, Photo

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
BEGAN = date(2026, 11, 10)


def png(width: int = 40, height: int = 30) -> bytes:
    """A grey picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = b"".join(b"\x00" + b"\xc8" * width for _row in range(height))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class Plant:
    """A plant of 青禾区 with two facilities."""

    def __init__(self, world: Any, name: str = "青禾电镀有限公司", who: str = "firm", number: int = 700) -> None:
        """Made by the officer; `number` gives the credit code."""
        self.world = world
        self.firms = Firms(world)
        code = credit_code_of(number)
        self.firm: EnterpriseVersion = self.firms.firm(name, code=code, since=date(2015, 1, 1))
        self.firms.representative(self.firm, who)
        self.who = who
        self.pool = self.facility("1#废水调节池", "pool", code="W-1", area_name="污水站")
        self.tank = self.facility("硫酸埋地储罐", "underground_tank", code="T-1", area_name="罐区")

    @property
    def own(self) -> Actor:
        """The representative."""
        return self.world.actor(self.who)

    def done(self, who: str = "") -> Done:
        """An act of somebody today."""
        return Done(self.world.actor(who or self.who), AT)

    def facility(self, name: str, kind: str, **facts: Any) -> FacilityVersion:
        """A facility of the firm since 2020."""
        said = {"name": name, "kind": kind, **facts}
        recording = Recording(self.world.actor("officer"), AT, "")
        return facilities.register(self.firm, said, since=date(2020, 1, 1), recording=recording)

    def inspection(self, on: date = BEGAN, cause: str = "regular") -> Inspection:
        """An inspection begun by the representative."""
        return inspections.begin(self.firm, Beginning(cause, on), self.done())

    def items(self, inspection: Inspection, version: FacilityVersion) -> list[str]:
        """What is asked at a facility."""
        found = next(one for one in sheets(inspection, self.world.day) if one.version.pk == version.pk)
        return [item.key for item in found.items]

    def fine(self, inspection: Inspection, *versions: FacilityVersion) -> None:
        """Everything is in order at facilities."""
        for version in versions or (self.pool, self.tank):
            told = [Said(item, "fine") for item in self.items(inspection, version)]
            inspections.answer(inspection, version, told, self.done())

    def hazard(
        self, inspection: Inspection, due: date | None = date(2026, 12, 20), on: date = BEGAN, **said: Any
    ) -> Hazard:
        """A hazard at the pool with a photograph."""
        item = self.items(inspection, self.pool)[0]
        told = {"note": "池壁有裂缝", "suggestion": "修补防渗层", "photos": [Photo("池壁.png", png())], **said}
        inspections.answer(inspection, self.pool, [Said(item, "hazard", due=due, **told)], self.done(), on=on)
        return Hazard.objects.get(inspection=inspection, item=item, state="found")

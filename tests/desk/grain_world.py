"""Seasons, tests and locked grain of the farming county of `farmland_world`, made by services.

farm = grain_world.Grain(farmland_world.county(world))
rice = farm.season("safe_1")                                    # sown 20 April, harvested from 20 September 2026
test = farm.tested("safe_1", date(2026, 9, 10), "0.35")         # cadmium over the limit: a lock is proposed
lot = farm.locked(test)
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from desk.farmland_world import Farm
from soildesk.farmland.models import Disposal, Household, LockProposal, Lot, LotMove, ProduceTest, Season
from soildesk.farmland.services import graincustody, lots, producetests, seasons
from soildesk.farmland.services.graincustody import Disposed, Moved
from soildesk.farmland.services.lots import Locking
from soildesk.farmland.services.producetests import Of

SOWN, HARVEST = date(2026, 4, 20), date(2026, 9, 20)
PAPER = "青农发〔2026〕31号"


def at(on: date) -> datetime:
    """A moment of a day."""
    return datetime.combine(on, time(2), UTC)


class Grain:
    """Makes grain as the offices do."""

    def __init__(self, farm: Farm) -> None:
        self.farm, self.world = farm, farm.world

    def by(self, who: str, on: date | None = None) -> Any:
        """Somebody of an office, on a day."""
        return self.world.actor(who, on or self.world.day)

    def season(self, unit: str, *, by: str = "agriculture", **facts: Any) -> Season:
        """Rice of 2026 on a unit."""
        said = {"year": 2026, "crop": "水稻", "sown_on": SOWN, "harvest_from": HARVEST, **facts}
        return seasons.register(self.farm.version(unit), said, by=self.by(by), at=at(self.world.day))

    def tested(
        self, unit: str, on: date, cadmium: str = "0.1", *, number: str = "", by: str = "agriculture", **facts: Any
    ) -> ProduceTest:
        """A field test of rice, its result three days later; `contents` say more."""
        contents = facts.pop("contents", {"cadmium": cadmium})
        said = {
            "number": number or f"{unit}-{on:%m%d}", "stage": "field", "crop": "稻谷", "sampled_on": on,
            "result_on": on.replace(day=on.day + 3), **facts,
        }  # fmt: skip
        of = Of(unit=self.farm.version(unit))
        return producetests.record(of, said, contents, by=self.by(by), at=at(self.world.day))

    def locked(self, test: ProduceTest, *more: str, on: date = date(2026, 9, 15), area: str = "20000") -> Lot:
        """The ground of a test, and more units, locked."""
        units = [self.farm.version(one) for one in more]
        told = Locking(on, PAPER, Decimal(area), units, 2026, "其余面积改种棉花")
        proposal = LockProposal.objects.get(test=test)
        return lots.confirm(proposal, told, by=self.by("agriculture"), at=at(self.world.day))

    def household(self, unit: str, head: str, area: str = "5000") -> Household:
        """A household that tills a unit."""
        version = self.farm.version(unit)
        return Household.objects.create(
            division_path=version.division_path, owner_department_id=version.owner_department_id, unit=version.unit,
            head=head, phone="13800000000", area_m2=Decimal(area), since=date(2020, 1, 1), recorded_at=at(SOWN),
        )  # fmt: skip

    def harvested(self, lot: Lot, tonnes: str) -> Lot:
        """The harvest told."""
        on = date(2026, 9, 25)
        return lots.tell_harvest(lot, Decimal(tonnes), on, by=self.by("agriculture"), at=at(on))

    def moved(self, lot: Lot, part: str, tonnes: str, *, by: str = "grain", **facts: Any) -> LotMove:
        """Tonnes that went one way."""
        said = {"to": "区粮库 3 号仓", "document": "过磅单 0001", "separate": True, **facts}
        told = Moved(part, Decimal(tonnes), date(2026, 9, 28), **said)
        return graincustody.move(lot, told, by=self.by(by), at=at(self.world.day))

    def kept(self, lot: Lot, household: Household, tonnes: str, *, by: str = "town") -> Any:
        """What a household keeps."""
        day = date(2026, 9, 27)
        return graincustody.keep(lot, household, Decimal(tonnes), day, by=self.by(by), at=at(self.world.day))

    def disposed(self, lot: Lot, tonnes: str, *, by: str = "grain", **facts: Any) -> Disposal:
        """Grain that found its end."""
        said = {"kind": "feed", "on": date(2026, 10, 20), "document": "合同 7", "to": "示例饲料厂", **facts}
        return graincustody.dispose(
            lot, Disposed(tonnes=Decimal(tonnes), **said), by=self.by(by), at=at(self.world.day)
        )

"""What every register promises, held for enterprises, their sites, notices, lists and proposals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, ClassVar

import pytest

from desk.enterprise_world import Firms
from desk.land_world import square
from desk.monitoring_world import spot
from desk.register_promises import RegisterPromises
from soildesk.enterprises.models import ListProposal
from soildesk.enterprises.services import proposals
from soildesk.land.services.writing import Place

pytestmark = pytest.mark.store


class TestEnterprises(RegisterPromises):
    collection = "enterprises"
    personal = "佟兰芝"
    changes: ClassVar[dict[str, str]] = {"address": "柏庄镇东河路 8 号"}

    def fill(self, world: Any) -> Sequence[str]:
        made = Firms(world)
        facts = {
            "legal_person": "佟兰芝",
            "contact_name": "佟兰芝",
            "contact_phone": "佟兰芝",
            "geometry": spot(0.5, 0.5),
        }
        held = [
            made.firm("青禾电镀有限公司", industry="3360", **facts),
            made.firm("青禾农化有限公司", geometry=spot(1.5, 0.5)),
        ]
        made.listed(held[0], "soil_key", date(2026, 3, 20))
        return [str(one.enterprise.uid) for one in held]

    def more(self, world: Any, count: int) -> None:
        made = Firms(world)
        made._codes = iter(range(500, 500 + count))
        for number in range(count):
            made.firm(f"第{number}机械厂", geometry=spot(2 + number % 4, 1))


class TestSites(RegisterPromises):
    collection = "sites"
    changes: ClassVar[dict[str, str]] = {"document": "土地证 2020-8 号"}

    def fill(self, world: Any) -> Sequence[str]:
        made = Firms(world)
        firm = made.firm("青禾电镀有限公司")
        return [str(made.site(firm, square(at, 0)).site.uid) for at in (0, 1)]

    def more(self, world: Any, count: int) -> None:
        made = Firms(world)
        made._codes = iter(range(500, 502))
        firm = made.firm("青禾农化有限公司")
        for number in range(count):
            made.site(firm, square(2 + number, 1), name=f"第{number}仓库")


class NoVersions(RegisterPromises):
    """Rows that are no versions of things have no history of versions."""

    def addresses(self, keys: Sequence[str]) -> Iterator[str]:
        return (url for url in super().addresses(keys) if not url.endswith("/history"))


class TestNotices(NoVersions):
    collection = "list_notices"

    def addresses(self, keys: Sequence[str]) -> Iterator[str]:
        """A notice is registered and not changed."""
        return (url for url in super().addresses(keys) if not url.endswith("/edit"))

    def fill(self, world: Any) -> Sequence[str]:
        made = Firms(world)
        notices = [
            made.notice("soil_key", date(2026, 3, 20), number="云环〔2026〕901号"),
            made.notice("cadmium", date(2026, 3, 20), number="云环〔2026〕902号"),
        ]
        return [str(one.uid) for one in notices]

    def more(self, world: Any, count: int) -> None:
        made = Firms(world)
        for number in range(count):
            made.notice("soil_key", date(2026, 3, 20), number=f"云环〔2026〕{number + 100}号")


class TestStays(NoVersions):
    collection = "listings"

    def fill(self, world: Any) -> Sequence[str]:
        made = Firms(world)
        return [str(made.listed(made.firm(name), "soil_key", date(2026, 3, 20)).uid) for name in ("甲公司", "乙公司")]

    def more(self, world: Any, count: int) -> None:
        made = Firms(world)
        made._codes = iter(range(500, 500 + count))
        notice = made.notice("soil_key", date(2026, 4, 20), number="云环〔2026〕700号")
        assert notice
        for number in range(count):
            made.listed(made.firm(f"第{number}机械厂"), "soil_key", date(2026, 4, 20))


class TestProposals(NoVersions):
    collection = "list_proposals"

    def fill(self, world: Any) -> Sequence[str]:
        made = Firms(world)
        for name in ("甲公司", "乙公司"):
            made.firm(name, industry="3212", above_scale=True)
        return self._made(world)

    def more(self, world: Any, count: int) -> None:
        made = Firms(world)
        made._codes = iter(range(500, 500 + count))
        for number in range(count):
            made.firm(f"第{number}冶炼厂", industry="3212", above_scale=True)
        self._made(world)

    def _made(self, world: Any) -> list[str]:
        where = Place(world.district, world.departments["ecology"])
        proposals.make(2026, where, by=world.actor("officer"), at=world.at)
        return [str(uid) for uid in ListProposal.objects.values_list("uid", flat=True)]

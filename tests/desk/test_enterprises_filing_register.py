"""What every register promises, held for filings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pytest

from desk.enterprise_world import Firms
from desk.filing_world import sent
from desk.register_promises import RegisterPromises
from soildesk.enterprises.models import Filing

pytestmark = pytest.mark.store
K = Filing.Kind


class TestFilings(RegisterPromises):
    collection = "filings"

    def fill(self, world: Any) -> Sequence[str]:
        made = Firms(world)
        firm = made.firm("青禾电镀有限公司", since=date(2015, 1, 1))
        made.representative(firm)
        return [str(sent(made, firm, kind).uid) for kind in (K.TOXIC_REPORT, K.LETTER)]

    def more(self, world: Any, count: int) -> None:
        made = Firms(world)
        made._codes = iter(range(500, 500 + count))
        for number in range(count):
            firm = made.firm(f"第{number}机械厂", since=date(2015, 1, 1))
            made.representative(firm, f"boss{number}")
            sent(made, firm, K.TOXIC_REPORT, who=f"boss{number}")

    def addresses(self, keys: Sequence[str]) -> Iterator[str]:
        """A filing has its rounds and no versions."""
        return (url for url in super().addresses(keys) if not url.endswith("/history"))

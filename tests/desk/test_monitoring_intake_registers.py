"""The registers of laboratory batches and of results keep what every register promises."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from intake_world import AT, codes_of, csv_file, rows_of, taken
from monitoring_world import Network, county
from register_promises import RegisterPromises

from soildesk.monitoring.models import Batch, Grade, Result
from soildesk.monitoring.services import batches

pytestmark = pytest.mark.store


class OfFiles(RegisterPromises):
    """Rows come out of files. The campaign is open to the public: of others nothing leaves by file or API unasked."""

    writer = "officer"

    def addresses(self, keys: Sequence[str]) -> Iterator[str]:
        return (url for url in super().addresses(keys) if not url.endswith("/history"))

    def accepted(self, world: Any, rows: int = 1) -> tuple[Network, Batch]:
        net = county(world)
        net.campaign.grade = Grade.PUBLIC
        net.campaign.save()
        contents = {"镉": ("0.21", "0.01"), "砷": ("8.4", "0.01")}
        batch = taken(world, net, csv_file(self.folder / "a.csv", rows_of(codes_of(net)[:rows], contents=contents)))
        return net, batches.accept(batch, by=world.actor("officer"), at=AT, reason="测试")


class TestBatches(OfFiles):
    collection = "batches"

    def fill(self, world: Any) -> Sequence[str]:
        self.made = self.accepted(world)[1]
        return [str(self.made.uid)]

    def more(self, world: Any, count: int) -> None:
        for number in range(count):
            copy = Batch.objects.get(pk=self.made.pk)
            copy.pk, copy.uid, copy.number, copy.sha256 = None, None, f"PC-{number}", f"{number:064d}"
            copy.uid = Batch._meta.get_field("uid").get_default()
            copy.at += timedelta(minutes=number)
            copy.save(force_insert=True)


class TestResults(OfFiles):
    collection = "results"

    def fill(self, world: Any) -> Sequence[str]:
        self.made = self.accepted(world)[1]
        return [str(uid) for uid in self.made.results.values_list("uid", flat=True)]

    def more(self, world: Any, count: int) -> None:
        one = self.made.results.first()
        assert one is not None
        for number in range(count):
            copy = Result.objects.get(pk=one.pk)
            copy.pk, copy.uid, copy.sample = None, Result._meta.get_field("uid").get_default(), f"S{number}"
            copy.save(force_insert=True)


@pytest.mark.django_db
def test_graded_results_do_not_leave_by_the_api(world: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    from django.test import Client
    from exchange_world import secret_of

    net = county(world)
    batch = taken(world, net, csv_file(tmp_path / "a.csv", rows_of(codes_of(net)[:1])))
    batches.accept(batch, by=world.actor("officer"), at=AT, reason="测试")
    headers = {"Authorization": f"Bearer {secret_of(world, 'officer')}"}
    assert Client().get("/api/v1/results", headers=headers).json()["rows"] == []
    one = batch.results.first()
    assert one is not None
    assert Client().get(f"/api/v1/results/{one.uid}", headers=headers).status_code == 404
    net.campaign.refresh_from_db()
    net.campaign.grade = Grade.PUBLIC
    net.campaign.save()
    assert len(Client().get("/api/v1/results", headers=headers).json()["rows"]) == 5

"""Periodic reports of whoever is liable for polluted ground: asked for by a day, owed until the paper is there, counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from register_promises import RegisterPromises

from desk import farmland_world, review_client
from soildesk.core import duties, files
from soildesk.core.models import Duty
from soildesk.farmland.models import ControlReport
from soildesk.farmland.queries.owed import on_farmland
from soildesk.farmland.refusals import UseRefused
from soildesk.farmland.services import controlreports
from soildesk.farmland.services.controlreports import Asked
from soildesk.kit import measures as kit_measures
from soildesk.land.services.writing import Place
from soildesk.monitoring.measuring import WholePlace
from soilrules.deadlines import State

pytestmark = pytest.mark.django_db
DUE = date(2026, 7, 15)
WHO = "青禾化工有限公司"


def asked(world: Any, farm: Any, party: str = WHO, **said: Any) -> ControlReport:
    told = Asked(**{"party": party, "period": "2026年上半年", "due": DUE, "asked_by": "风险评估报告第7章", **said})
    place = Place(world.district, world.departments["agriculture"])
    units = [farm.version("strict_1"), farm.version("safe_1")]
    return controlreports.ask(told, units, place, by=world.actor("agriculture_head"), at=world.at)


def test_a_report_is_owed_until_its_paper_is_there(world: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    review_client.plain_pages(settings, monkeypatch)
    farm, by = farmland_world.county(world), world.actor("agriculture_head")
    client = review_client.of(world.people["agriculture_head"])
    form = {
        "party": WHO, "period": "2026年上半年", "due": DUE.isoformat(), "asked_by": "风险评估报告第7章", "step": "save",
        "units": f"{farm.units['strict_1'].number}、{farm.units['safe_1'].number}",
    }  # fmt: skip
    assert client.post(reverse("kit:collection_add", args=["control_reports"]), form).status_code == 302
    made = ControlReport.objects.get()
    (duty,) = Duty.objects.for_subject(made)
    assert (duty.unit, duty.due, duty.done_on) == (world.departments["agriculture"], DUE, None)
    assert duties.state_of(duty, world.day) is State.OVERDUE
    assert "第四百五十一条" not in duty.basis and "第五十六条" in duty.basis, "the law of the day it is due"
    assert [one.collection for one in on_farmland(by, world.day)] == ["control_reports"]
    url = reverse("kit:record", args=["control_reports", str(made.uid)])
    page = client.get(url).content.decode()
    assert "逾期" in page and "第四百五十一条" in page, "and what stands in its place now"
    listed = client.get(reverse("kit:collection", args=["control_reports"]), {"state": "late"}).content.decode()
    assert WHO in listed

    def outcome() -> Any:
        measure = kit_measures.get("farmland.control_reports_received")
        return measure.run(world.actor("officer"), WholePlace(world.district, 2026), world.day, world.day).outcome

    assert outcome() is kit_measures.Outcome.NOT_DONE
    receiving = reverse("farmland:report_receive", args=[made.uid])
    said = {"on": "2026-11-02", "measures": "已停种水稻", "monitoring": "镉 2.3 mg/kg，与上年持平"}
    assert client.post(receiving, said).status_code == 422, "no report without its paper"
    paper = {"file": SimpleUploadedFile("报告.pdf", b"%PDF-1.4 x")}
    assert client.post(receiving, said | paper).status_code == 302
    duty.refresh_from_db()
    made.refresh_from_db()
    assert (duty.done_on, made.monitoring) == (date(2026, 11, 2), said["monitoring"])
    assert len(files.uses_of(made)) == 1
    assert "逾期完成" in client.get(url).content.decode() and outcome() is kit_measures.Outcome.DONE


def test_a_report_speaks_of_polluted_ground_of_one_office(world: Any) -> None:
    farm = farmland_world.county(world)
    place, by = Place(world.district, world.departments["agriculture"]), world.actor("agriculture_head")
    told = Asked(WHO, "2026年", DUE, "方案")
    for names, why in ((("priority_1",), "现行类别不是"), ((), "没有选择"), (("bare_1",), "现行类别不是")):
        with pytest.raises(UseRefused, match=why):
            controlreports.ask(told, [farm.version(name) for name in names], place, by=by, at=world.at)
    asked(world, farm)
    with pytest.raises(UseRefused, match="已经要求过"):
        asked(world, farm)


def test_without_reports_nothing_is_said(world: Any) -> None:
    found = kit_measures.get("farmland.control_reports_received").run(
        world.actor("officer"), WholePlace(world.district, 2026), world.day, world.day
    )
    assert found.outcome is kit_measures.Outcome.CANNOT_SAY


class TestControlReports(RegisterPromises):
    """The register of reports."""

    collection = "control_reports"

    def addresses(self, keys: Sequence[str]) -> Iterator[str]:
        return (url for url in super().addresses(keys) if not url.endswith(("/history", "/edit")))

    def fill(self, world: Any) -> list[str]:
        self.farm = farmland_world.county(world)
        return [str(asked(world, self.farm, f"责任人{n}").uid) for n in range(2)]

    def more(self, world: Any, count: int) -> None:
        for n in range(count):
            asked(world, self.farm, f"另一责任人{n}")


def test_readers_read_and_do_not_ask(world: Any, client: Client) -> None:
    farm = farmland_world.county(world)
    made = asked(world, farm)
    client.force_login(world.people["reader"])
    assert client.post(reverse("farmland:report_receive", args=[made.uid]), {}).status_code == 403

"""What campaigns make units owe stands on the first page: samples, the end of the campaign, the sharing of its data."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from monitoring_world import LATER, Network, county, record

from soildesk.core.models import Duty
from soildesk.monitoring.services import campaigns, owing

pytestmark = [pytest.mark.django_db]
SAMPLES, END, SHARING = "待采样品", "监测任务办结", "监测数据共享"


@pytest.fixture
def net(world: Any) -> Network:
    """The county: 柏庄镇 has samples to take until the end of November."""
    return county(world)


def shorts(world: Any, who: str, monkeypatch: pytest.MonkeyPatch, on: str = "2026-11-20") -> dict[tuple[str, str], Any]:
    """The short lists of somebody's first page by group and title."""
    monkeypatch.setenv("SOILDESK_TODAY", on)
    client = Client()
    client.force_login(world.people[who], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("home:today"))
    found = {(group.number, short.title): short for group in page.context["groups"] for short in group.shorts}
    for short in found.values():
        for url in (short.url, *(line.url for line in short.lines)):
            assert client.get(url).status_code == 200, url
            assert url.replace("&", "&amp;") in page.content.decode()
    return found


def test_the_town_is_sent_into_the_field(world: Any, net: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    short = shorts(world, "town", monkeypatch)["②", SAMPLES]
    (line,) = short.lines
    assert (line.url, line.late) == (reverse("monitoring:field"), False)
    assert "2026-11-30" in line.when
    assert "3 个样品" in line.when


def test_samples_not_taken_are_late_and_those_taken_are_gone(
    world: Any, net: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shorts(world, "town", monkeypatch, "2026-12-01")["②", SAMPLES].lines[0].late
    left = [task for task in net.tasks.values() if task.state == "planned"]
    for task in left:
        record(world, task)
    assert ("②", SAMPLES) not in shorts(world, "town", monkeypatch)


def test_the_office_sees_the_towns_samples_and_its_own_end(
    world: Any, net: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = shorts(world, "officer", monkeypatch)
    page = reverse("monitoring:campaign", args=[net.campaign.uid])
    assert [line.url for line in found["③", SAMPLES].lines] == [page]
    assert "柏庄镇人民政府" in found["③", SAMPLES].lines[0].when
    assert [line.url for line in found["②", END].lines] == [page]
    assert ("②", SHARING) not in found  # four months ahead
    assert ("③", SAMPLES) not in shorts(world, "stranger", monkeypatch)


def test_sharing_is_owed_until_its_receipt(world: Any, net: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    officer = world.actor("officer", date(2027, 4, 1))
    campaigns.close(net.campaign, on=world.day, note="三处已封路", by=officer, at=LATER)
    found = shorts(world, "officer", monkeypatch, "2027-03-20")
    assert (END in {title for _group, title in found}, found["②", SHARING].lines[0].late) == (False, False)
    assert shorts(world, "officer", monkeypatch, "2027-04-01")["②", SHARING].lines[0].late
    campaigns.share(net.campaign, on=date(2027, 4, 1), receipt="回执 1 号", by=officer, at=LATER)
    assert ("②", SHARING) not in shorts(world, "officer", monkeypatch, "2027-04-01")


def test_a_sample_without_a_day_of_its_own_is_owed_by_the_end(world: Any, net: Network) -> None:
    task = net.tasks["well"]
    task.due = date(2026, 11, 1)
    task.save()
    owing.owe_samples(net.campaign, by=world.actor("officer"))
    assert Duty.objects.for_subject(net.campaign).get(kind="monitoring.sampling").due == date(2026, 11, 30)

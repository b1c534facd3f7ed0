"""What other terms would change is worked out by a job, and kept with what was asked."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from desk import farmclass_world as rounds
from desk import farmland_world, review_client
from soildesk.core import jobs
from soildesk.core.models import AuditEntry, Job
from soildesk.farmland.models import ClassTrial
from soildesk.farmland.mu import told
from soildesk.farmland.queries import trials as kept
from soildesk.farmland.queries import whatif
from soildesk.farmland.queries.proposals import SEVERE
from soildesk.farmland.queries.whatif import Terms
from soildesk.farmland.refusals import ClassifyRefused
from soildesk.farmland.services import trials

pytestmark = pytest.mark.django_db
GUIDE, OVER = "guide2019", {"cadmium": 0.9}


def county(world: Any) -> tuple[Any, Any]:
    """Two units of soil II whose rice is far above the limit, one clean unit."""
    farm = farmland_world.county(world)
    soil = rounds.soil_round(world, farm, {"safe_1": OVER, "safe_2": OVER, "priority_1": {}})
    grain = rounds.grain_round(world, farm, {"safe_1": {"cadmium": 0.9}, "safe_2": {"cadmium": 0.9}})
    return farm, rounds.computed(world, [soil], [grain])


def asked_for(world: Any, made: Any, *switches: str) -> ClassTrial:
    return trials.ask(made, Terms(GUIDE, switches), by=world.actor("agriculture_head"), at=world.at)


def test_a_trial_is_asked_on_the_page_and_worked_out_by_a_job(world: Any, settings: Any, monkeypatch: Any) -> None:
    review_client.plain_pages(settings, monkeypatch)
    farm, made = county(world)
    client = review_client.of(world.people["agriculture_head"])
    asking = reverse("farmland:classify_whatif", args=[made.uid])
    with monkeypatch.context() as patch:
        patch.setattr(whatif, "compared", lambda *_told: pytest.fail("worked out inside the request"))
        answer = client.post(asking, {"ruleset": GUIDE, "switches": [SEVERE], "local_limits": "on"})
        page = client.get(answer["Location"]).content.decode()
    assert answer.status_code == 302 and "取消试算" in page and 'hx-select="#found"' in page
    held = ClassTrial.objects.get()
    jobs.run(Job.objects.select_related("owner").get(uid=held.job))
    held.refresh_from_db()
    page = client.get(answer["Location"]).content.decode()
    moved = told(sum(farm.version(name).area_m2 for name in ("safe_1", "safe_2")))
    assert "20 个单元中 2 个会变" in page and f"共 {moved}" in page and 'hx-select="#found"' not in page
    assert page.count("<figure") == 2 and "柏庄镇safe_1" in page and "土壤Ⅱ类且农产品严重超标的定为严格管控类" in page
    (move,) = kept.moves(kept.changed(held))
    assert (move.before, move.after, move.units) == ("safe_use", "strict", 2)
    assert move.area_m2 == pytest.approx(sum(farm.version(name).area_m2 for name in ("safe_1", "safe_2")))
    assert held.found["before_m2"]["safe_use"] - held.found["after_m2"].get("safe_use", 0) == pytest.approx(
        move.area_m2
    )
    assert "2 个单元会变" in client.get(asking).content.decode(), "what was asked stays within reach"
    again = client.get(f"{asking}?again={held.uid}").content.decode()
    assert re.search(r'<input[^>]*value="soil_ii_severe"[^>]*checked', again), "asked again from what was asked"
    record = client.get(reverse("kit:record", args=["classifications", str(made.uid)])).content.decode()
    assert "试算记录 1 次" in record
    book = openpyxl.load_workbook(BytesIO(client.get(reverse("farmland:trial_list", args=[held.uid])).content))
    cells = [cell for row in book.active.iter_rows(values_only=True) for cell in row]
    assert "柏庄镇safe_2" in cells and "严格管控类" in cells
    acts = AuditEntry.objects.filter(act__startswith="farmland.trial.").order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["farmland.trial.asked", "farmland.trial.computed"]
    assert made.proposals.filter(superseded_at=None).count() == 20, "nothing that is proposed changes"


def test_a_trial_that_is_stopped_leaves_nothing_and_says_so(world: Any, settings: Any, monkeypatch: Any) -> None:
    review_client.plain_pages(settings, monkeypatch)
    _farm, made = county(world)
    held = asked_for(world, made, SEVERE)
    job = Job.objects.select_related("owner").get(uid=held.job)
    Job.objects.filter(pk=job.pk).update(cancel_asked_at=world.at)
    assert jobs.run(job).state == Job.State.CANCELLED
    held.refresh_from_db()
    assert (held.computed_at, held.found) == (None, {})
    page = review_client.of(world.people["agriculture_head"]).get(reverse("farmland:trial", args=[held.uid]))
    assert "没有结果" in page.content.decode()


def test_the_same_terms_are_no_trial_and_only_reviewers_try(world: Any, settings: Any, monkeypatch: Any) -> None:
    review_client.plain_pages(settings, monkeypatch)
    _farm, made = county(world)
    with pytest.raises(ClassifyRefused, match="设定相同"):
        asked_for(world, made)
    with pytest.raises(ClassifyRefused, match="规则开关"):
        asked_for(world, made, "没有的开关")
    held = asked_for(world, made, SEVERE)
    for who, status in (("auditor", 200), ("grain", 403), ("town", 403), ("stranger", 404)):
        client = review_client.of(world.people[who])
        assert client.get(reverse("farmland:trial", args=[held.uid])).status_code == status, who
    form = {"ruleset": GUIDE, "switches": [SEVERE]}
    refused = review_client.of(world.people["auditor"]).post(reverse("farmland:classify_whatif", args=[made.uid]), form)
    assert (refused.status_code, ClassTrial.objects.count()) == (403, 1)

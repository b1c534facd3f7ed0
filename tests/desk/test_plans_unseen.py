"""What a unit or a division may not see of a plan, its files and its imports."""

from __future__ import annotations

from typing import Any

import ledger_world
from django.test import Client
from django.urls import reverse
from test_promises import NOVEMBER, leaks

from soildesk.core.models import FileUse
from soildesk.core.permissions import Actor, system_actor
from soildesk.kit import imports
from soildesk.kit.models import ImportBatch
from soildesk.plans.services import intake, linking, work
from soildesk.plans.services.drafts import read_pasted


def test_a_unit_on_the_same_task_does_not_read_anothers_evidence(world: Any, client: Client) -> None:
    plan = ledger_world.published(world)
    town = Actor.of(world.people["town"], world.day)
    row = ledger_world.at_unit(plan, "（三）", world.towns["柏庄镇"])
    work.report(row, work.Report("已落实"), by=town, at=NOVEMBER, attachments=[("绝密丙.txt", b"x")])
    work.add_evidence([row.task], "绝密甲.txt", b"y", by=town, at=NOVEMBER)
    uses = list(FileUse.objects.filter(kind="evidence"))
    assert len(uses) == 2
    for who, sees in {"town": True, "officer": True, "reader": True, "agriculture": False, "stranger": False}.items():
        client.force_login(world.people[who])
        for use in uses:
            assert client.get(reverse("core:file", args=[use.uid])).status_code == (200 if sees else 404), who
        page = client.get(reverse("plans:task", args=[row.task.uid]))
        assert bool(leaks(page)) is sees, who


def test_a_link_shows_no_task_of_a_plan_one_may_not_read(world: Any, client: Client) -> None:
    """A district that looks at the city's task does not learn which task of another district takes it up."""
    maker = system_actor("test", world.day)
    text = ledger_world.TEXT.replace("青环委办", "云环委办").replace("青禾区2026", "云泽市2026")
    place = intake.Place(world.city, world.departments["city_ecology"])
    upper = intake.import_plan(read_pasted(text), intake.Source.of(text.encode()), place, by=maker, at=NOVEMBER)
    ledger_world.review.accept_confident(upper, by=maker, at=NOVEMBER, everything=True)
    ledger_world.publishing.publish(upper, by=maker, at=NOVEMBER)
    secret_text = ledger_world.TEXT.replace("隐患排查", "绝密乙排查")
    place = intake.Place(world.district, world.departments["ecology"])
    lower = intake.import_plan(
        read_pasted(secret_text), intake.Source.of(secret_text.encode()), place, by=maker, at=NOVEMBER
    )
    linking.link_task(ledger_world.task(upper, "（一）"), ledger_world.task(lower, "（一）"), by=maker, at=NOVEMBER)
    url = reverse("plans:task", args=[ledger_world.task(upper, "（一）").uid])
    for who, sees in {"officer": True, "stranger": False, "agriculture": False}.items():
        client.force_login(world.people[who])
        assert bool(leaks(client.get(url))) is sees, who


def test_the_same_file_of_another_division_is_taken_in_anew(world: Any) -> None:
    kind = imports.ImportKind(
        name="test.promise",
        title="t",
        permission="plans.import",
        apply=lambda rows, purpose: {"n": len(rows)},
        read=lambda data, name, purpose: imports.Understood([], [imports.RowFate(1, {"a": "b"}, after={"a": "b"})]),
    )

    def take(who: str) -> ImportBatch:
        purpose = imports.Purpose(world.actor(who), NOVEMBER)
        return imports.preview(kind, b"a,b", "a.csv", purpose)

    first = take("officer")
    imports.add(kind)
    try:
        imports.accept(first, imports.Purpose(world.actor("officer"), NOVEMBER))
        assert take("officer").uid == first.uid, "one's own receipt comes back"
        assert take("stranger").uid != first.uid
    finally:
        imports._kinds.pop(kind.name)

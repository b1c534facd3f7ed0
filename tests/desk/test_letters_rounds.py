"""A circular and an agenda made from a round of 调度."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from desk.letters_world import TODAY, Desk
from desk.rounds_world import DUE, Rounds
from soildesk.supervision.models import AgendaItem
from soildesk.supervision.queries import agenda
from soildesk.supervision.queries import letters_sources as sources
from soildesk.supervision.services import letters, letters_sending, meetings
from soildesk.supervision.services.letters import Source, Wanted
from soilrules.supervision.authorities import Act

pytestmark = pytest.mark.django_db
AFTER = date(2026, 11, 19)


def test_a_round_tells_who_was_late_and_the_meeting_takes_it_up(
    world: Any, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", TODAY.isoformat())
    rounds = Rounds(world)
    made = Desk(world)
    one = rounds.open()
    chief = made.who("chief")
    begun = sources.begun(chief, Act.CIRCULAR, False, "round", str(one.uid))
    assert begun is not None
    missing = begun.tables[0]
    assert missing["title"] == "未报、迟报单位"
    assert {row[0] for row in missing["rows"]} == {sheet.unit.name for sheet in one.sheets.select_related("unit")}
    assert {row[2] for row in missing["rows"]} == {DUE.isoformat()}
    wanted = Wanted(
        Act.CIRCULAR, begun.title, begun.units, lead=begun.lead, tables=begun.tables,
        source=Source(begun.source_type, begun.source_id, begun.source_title),
    )  # fmt: skip
    letter = letters.draft(wanted, by=chief, at=world.at)
    client.force_login(world.people["chief"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("kit:record", args=["dispatch_rounds", str(one.uid)])).content.decode()
    assert f"?from=round&amp;key={one.uid}" in page, "the round's page leads to the draft of a circular"
    assert begun.title in page and reverse("kit:record", args=["letters", str(letter.uid)]) in page
    signed = letters.sign(letter, by=chief, at=world.at)
    letters_sending.intact(signed)
    assert f"单位：{missing['rows'][0][0]}；状态：" in signed.text
    assert sources.begun(made.who("stranger"), Act.CIRCULAR, False, "round", str(one.uid)) is None
    meeting = meetings.prepare(meetings.Wanted("会议", TODAY, begun.units), (), by=chief, at=world.at)
    found = agenda.proposed(chief, meeting, world.district, AFTER)
    told = [point.unit for point in found if point.kind == AgendaItem.Kind.ROUND]
    assert set(told) == {sheet.unit for sheet in one.sheets.select_related("unit")}

"""What the gate issued is what it was: no change from the desk's code, nor by a statement of its own, on both stores."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from desk.land_world import place, square
from desk.plot_world import noon
from soildesk.decisions.models import GateQuery
from soildesk.decisions.queries.facts import Asked
from soildesk.decisions.services import gate
from soildesk.decisions.services.gate import Said

pytestmark = [pytest.mark.django_db, pytest.mark.store]
DAY = date(2026, 11, 20)


@pytest.fixture
def issued(world: Any) -> GateQuery:
    asked = Asked(square(0, 0), "供地", "0701", DAY, scheme="guide2023")
    return gate.ask(asked, place(world), Said(), by=world.actor("officer"), at=noon(DAY))


def test_nothing_in_the_desk_changes_or_removes_what_was_issued(issued: GateQuery) -> None:
    issued.decision = "pass"
    rows = GateQuery.objects.filter(pk=issued.pk)
    acts = [
        issued.save,
        issued.delete,
        lambda: rows.update(decision="pass"),
        rows.delete,
        lambda: rows.bulk_update([issued], ["decision"]),
    ]
    for act in acts:
        with pytest.raises(TypeError, match="written once"):
            act()
    assert rows.get().decision != "pass"


def test_the_store_refuses_a_change_by_a_statement_of_its_own(issued: GateQuery) -> None:
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE decisions_gatequery SET decision = 'pass' WHERE id = %s", [issued.pk])
    assert GateQuery.objects.get(pk=issued.pk).decision == issued.decision

"""What an asker may not see changes no answer: status, count, order, cursor and ETag stay as they were."""

from __future__ import annotations

from typing import Any

import land_world
import pytest
from django.db import transaction
from exchange_world import Service
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soildesk.land.models import ParcelVersion, Zone
from soildesk.land.services.writing import Place

pytestmark = [pytest.mark.store, pytest.mark.usefixtures("db")]
NAMES = ["code", "name", "use_now", "area_m2", "since", "number", "level", "a_级别", "holder"]
WORDS = ["DK-A", "粮库", "绝密", "王某", "0", "39882.65369922242", "2026-01-05", ""]
BOXES = ["114,34,115,35", "114.3,34.7,114.301,34.701", "-180,-90,180,90", "10,10,20,20", "114.3,34.7,114.3,34.7"]
FILTERS = [
    "name LIKE '%'", "holder = '王某'", "holder IS NOT NULL", "area_m2 > 1", "S_INTERSECTS(geometry,BBOX(114,34,115,35))",
    "not (code = 'DK-A')", "a_级别 = '一级'", "level IS NULL", "code <> name", "true",
]  # fmt: skip

ASKED = st.fixed_dictionaries(
    {"path": st.sampled_from(["ogc/collections/{}/items", "ogc/collections/{}", "api/v1/{}", "ogc/collections/{}/queryables"]),
     "name": st.sampled_from(["parcels", "water", "red_line"])},
    optional={
        "filter": st.sampled_from(FILTERS), "bbox": st.sampled_from(BOXES), "limit": st.sampled_from(["1", "2", "100"]),
        "sort": st.sampled_from([*NAMES, *(f"-{name}" for name in NAMES)]), "q": st.sampled_from(WORDS),
        "property": st.tuples(st.sampled_from(NAMES), st.sampled_from(WORDS)), "fields": st.sampled_from(NAMES),
        "f": st.sampled_from(["json", "html"]), "datetime": st.sampled_from(["2026-06-01", "../2026-01-01"]),
    },
)  # fmt: skip


def answer(service: Service, asked: dict[str, Any], who: str | None) -> tuple[Any, ...]:
    """Everything of an answer that can be observed but the time of day."""
    params = {key: value for key, value in asked.items() if key not in {"path", "name", "property"}}
    if "property" in asked:
        params[asked["property"][0]] = asked["property"][1]
    if asked["path"].startswith("api"):
        for name in ("filter", "f", "datetime"):
            params.pop(name, None)
    else:
        for name in ("sort", "q", "fields"):
            params.pop(name, None)
    told = service.get("/" + asked["path"].format(asked["name"]), who, **params)
    body = told.content if told.status_code != 200 or "timeStamp" not in told.content.decode() else b""
    if told["Content-Type"] == "application/geo+json":
        body = {key: value for key, value in told.json().items() if key != "timeStamp"}
    return told.status_code, told.headers.get("ETag"), told["Content-Type"], body


def hide_more(service: Service, who: str | None) -> None:
    """Rows, values and layers this asker may not see."""
    world = service.world
    if who == "stranger":
        land_world.parcel(world, land_world.square(20, 20), name="绝密", code="DK-Z", holder="王某")
    if who is None:
        land_world.edition(world, service.land.layers["red_line"], [{"code": "DK-A", "name": "绝密", "geometry": land_world.square(0, 5)}], since=land_world.date(2026, 2, 1))  # fmt: skip
        Zone.objects.filter(edition__layer=service.land.layers["water"]).update(attributes={"级别": "绝密"})
    if who == "reader":
        ParcelVersion.objects.update(holder="绝密")
        by = world.actor("stranger")
        facts = {"geometry": land_world.square(11, 10), "kind": "plot", "name": "绝密"}
        place = Place(world.other, world.departments["other_ecology"])
        land_world.parcels.register(facts, place, since=land_world.SINCE, by=by, at=land_world.AT)


@pytest.mark.parametrize("who", [None, "stranger", "reader"])
def test_an_unseen_row_or_column_changes_no_answer(service: Service, who: str | None) -> None:
    questions: list[dict[str, Any]] = []

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(ASKED)
    def collect(asked: dict[str, Any]) -> None:
        questions.append(asked)

    collect()
    items = "ogc/collections/{}/items"
    questions += [{"path": items, "name": name, "filter": text} for text in FILTERS for name in ("parcels", "water")]
    questions += [{"path": "api/v1/{}", "name": "parcels", "sort": name} for name in NAMES]
    before = [answer(service, asked, who) for asked in questions]
    with transaction.atomic():
        hide_more(service, who)
        after = [answer(service, asked, who) for asked in questions]
        transaction.set_rollback(True)
    for asked, one, other in zip(questions, before, after, strict=True):
        assert one == other, asked
    assert {one[0] for one in before} >= {200, 400}


def test_a_hidden_column_is_an_unknown_one(service: Service) -> None:
    """A reader without the right to personal data: holder is in no schema, filter, sort or row."""
    names = service.get("collections/parcels/schema", "reader").json()["properties"]
    assert "holder" not in names
    assert "holder" in service.get("collections/parcels/schema").json()["properties"]
    for text in ("holder = '王某'", "holder IS NULL", "nothing = '王某'", "nothing IS NULL"):
        told = service.get("collections/parcels/items", "reader", filter=text)
        assert (told.status_code, told.json()["code"]) == (400, "exchange.filter")
    assert (
        service.get("collections/parcels/items", "reader", holder="王某").json()["code"] == "exchange.unknown_parameter"
    )
    assert "王某" not in service.get("collections/parcels/items", "reader").content.decode()
    assert "王某" not in service.get("/api/v1/parcels", "reader").content.decode()

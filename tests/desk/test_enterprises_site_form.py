"""The form of a new site begins with what is known of its firm: name, address, town, the parcel it stands on."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import shapely
from django.test import Client
from django.urls import reverse

from desk import land_world
from desk.enterprise_world import Firms
from soildesk.enterprises.models import SiteVersion


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Firms:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Firms(world)


def browser(made: Firms) -> Client:
    return made.world.browser("officer")


def first(made: Firms, firm: Any) -> dict[str, Any]:
    """What the form begins with, by entry."""
    page = browser(made).get(f"/kit/r/enterprises/{firm.enterprise.uid}").content.decode()
    (link,) = {
        part.split('"')[0] for part in page.split('href="') if "/sites/" in part.split('"')[0] and "firm=" in part
    }
    form = browser(made).get(link).context["form"]
    return {name: form[name].value() for name in ("enterprise", "name", "town", "geometry", "document")}


def test_the_form_begins_with_the_firm_and_its_parcel(made: Firms) -> None:
    parcel = land_world.parcel(made.world, land_world.square(0, 0), name="电镀厂地块")
    land_world.parcel(made.world, land_world.square(-1, -1, 4, 4), name="大地块")
    firm = made.firm("青禾电镀有限公司", address="工业路12号", geometry=land_world.square(0, 0).centroid)
    said = first(made, firm)
    assert (said["enterprise"], said["name"]) == (firm.enterprise.number, "青禾电镀有限公司（工业路12号）")
    assert said["town"] == firm.division_path
    assert shapely.from_geojson(said["geometry"]).equals(parcel.geometry)
    assert parcel.parcel.number in said["document"]
    sent = {**said, "kind": "plant", "_since": "2026-01-05", "_why": "据实登记", "step": "save", "_crs": ""}
    answer = browser(made).post(reverse("kit:collection_add", args=["sites"]), sent)
    assert answer.status_code == 302, answer.context["form"].errors
    assert SiteVersion.objects.get().geometry.equals(parcel.geometry)


def test_without_a_position_the_ground_is_left_to_be_drawn(made: Firms) -> None:
    said = first(made, made.firm("青禾电镀有限公司"))
    assert (said["name"], said["geometry"], said["document"]) == ("青禾电镀有限公司厂区", None, None)


def test_a_parcel_that_stands_no_more_is_not_offered(made: Firms) -> None:
    firm = made.firm("甲厂", since=date(2020, 1, 1), geometry=land_world.square(0, 0).centroid)
    assert first(made, firm)["geometry"] is None


def test_an_address_that_names_no_firm_begins_with_nothing(made: Firms) -> None:
    for query in ("", "?firm=nothing", "?firm=00000000-0000-0000-0000-000000000000"):
        form = browser(made).get(reverse("kit:collection_add", args=["sites"]) + query).context["form"]
        assert form["name"].value() is None

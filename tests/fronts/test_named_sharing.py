"""What plans name of one base of data that departments and the city share, read on the example; docs/coverage.csv points here.

Whoever is of the place reads what other offices keep, on its record page and in its list, by the same rows; whoever is not, does not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from fronts.conftest import Told
from fronts.monitoring_story import sign_in
from soildesk.decisions.models import GroundAct
from soildesk.enterprises.models import EnterpriseVersion
from soildesk.farmland.models import InputEntry, UnitMeasure, UnitVersion
from soildesk.land.models import Layer
from soildesk.monitoring.models import Batch, PointVersion
from soildesk.plots.models import PlotVersion

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.usefixtures("demo_home", "db")]
ECOLOGY, LAND, HOUSING, FARMING, CITY = "linlan", "tangyu", "dufeng", "maijia", "luomin"
KEPT: dict[str, Callable[[], tuple[str, str]]] = {
    "enterprises": lambda: _of(EnterpriseVersion.objects.filter(name="青禾电镀有限公司"), "enterprise"),
    "plots": lambda: _of(PlotVersion.objects.filter(name="原青禾农药厂地块"), "plot"),
    "farmland_units": lambda: _of(UnitVersion.objects.filter(ground="cropland"), "unit"),
    "points": lambda: _of(PointVersion.objects.filter(medium="soil"), "point"),
}
"""Collection → uid and name of a row of the district."""


def _of(rows: Any, identity: str) -> tuple[str, str]:
    one = rows.filter(superseded_at=None, division_path__contains="990101").order_by("pk").first()
    return str(getattr(one, identity).uid), one.name


@pytest.mark.parametrize("collection", KEPT)
@pytest.mark.parametrize("who", [LAND, HOUSING, FARMING, CITY])
def test_what_one_office_keeps_other_offices_and_the_city_read(who: str, collection: str) -> None:
    uid, name = KEPT[collection]()
    reader = sign_in(who)
    record = reader.get(reverse("kit:record", args=[collection, uid]))
    assert record.status_code == 200
    assert name in record.content.decode()
    listed = reader.get(reverse("kit:collection", args=[collection]), {"q": name}).content.decode()
    assert name in listed


def test_ecology_reads_what_farming_keeps_of_classes_inputs_and_measures() -> None:
    reader = sign_in(ECOLOGY)
    for collection, row in (
        ("farm_inputs", InputEntry.objects.filter(superseded_at=None).first()),
        ("farm_measures", UnitMeasure.objects.filter(superseded_at=None).first()),
    ):
        assert row is not None
        assert reader.get(reverse("kit:record", args=[collection, str(row.uid)])).status_code == 200, collection
    rate = reader.get(reverse("farmland:rate")).content.decode()
    assert "受污染耕地安全利用率" in rate


def test_ecology_reads_supply_plans_and_acts_of_the_land_office() -> None:
    reader = sign_in(ECOLOGY)
    layer = Layer.objects.get(code="supply_plan")
    assert reader.get(reverse("kit:collection", args=[layer.code])).status_code == 200
    act = GroundAct.objects.filter(superseded_at=None).first()
    assert act is not None
    assert reader.get(reverse("kit:record", args=["ground-acts", str(act.uid)])).status_code == 200


def test_results_go_into_one_base_and_come_out_by_command(soildesk: Callable[..., Told], tmp_path: Any) -> None:
    assert Batch.objects.filter(division_path__contains="990101").exists()
    file = tmp_path / "points.geojson"
    assert soildesk("gis", "export", "points", "--out", str(file), "--as", CITY).code == 0
    district = tmp_path / "of_district.geojson"
    assert soildesk("gis", "export", "points", "--out", str(district), "--as", ECOLOGY).code == 0
    assert file.read_text("utf-8").count('"Feature"') >= district.read_text("utf-8").count('"Feature"') > 10

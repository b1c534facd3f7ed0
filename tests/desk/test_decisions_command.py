"""`soildesk gate` from the words people type to the answer that is kept."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from desk.gis_world import feature, geojson
from desk.land_world import parcel, square
from desk.plot_world import Plots
from soildesk.cli import main
from soildesk.decisions.models import GateQuery

pytestmark = pytest.mark.django_db
DAY = "2026-11-20"


def run(capsys: Any, *words: object, expect: int = 0) -> dict[str, Any]:
    capsys.readouterr()
    code = main(["gate", *(str(word) for word in words), "--as", "officer", "--on", DAY, "--json"])
    said = capsys.readouterr()
    assert code == expect, f"{code}: {said.err}"
    return json.loads(said.out)


def test_a_file_is_asked_about_and_the_answer_kept(world: Any, tmp_path: Any, capsys: Any) -> None:
    made = Plots(world)
    made.to(made.plot("原青禾农药厂地块", square(0, 0)), "S2")
    path = geojson(tmp_path / "范围.geojson", [feature(square(0, 0, 0.5))])
    said = run(capsys, "check", "--geometry", path, "--act", "供地", "--use", "0701")
    assert said["decision"] == "blocked"
    held = GateQuery.objects.get(number=said["number"])
    assert held.on == date(2026, 11, 20)
    for one in said["checks"]:
        assert {"id", "outcome", "force", "because", "basis", "area_m2"} <= set(one)
        assert one["because"]
        assert one["basis"] or one["outcome"] != "no"


def test_a_parcel_is_found_by_any_of_its_codes(world: Any, capsys: Any) -> None:
    held = parcel(world, square(2, 2), code="990101100001GB00001", use_system="guide2023", use_now="1001")
    for code in (held.parcel.number, "990101100001GB00001"):
        run(capsys, "check", "--parcel", code, "--act", "收储", "--use", "R2")
    kept = GateQuery.objects.first()
    assert kept.facts["current_use"] == "1001"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--parcel", "没有的"], "没有的"),
        (["--geometry", "没有的.geojson"], "没有的.geojson"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_is_expected(
    world: Any, capsys: Any, words: list[str], told: str
) -> None:
    said = run(capsys, "check", *words, "--act", "供地", "--use", "0701", expect=1)
    assert told in said["error"]["sentence"]


def test_an_unknown_act_names_those_there_are(world: Any, tmp_path: Any, capsys: Any) -> None:
    path = geojson(tmp_path / "a.geojson", [feature(square(0, 0))])
    said = run(capsys, "check", "--geometry", path, "--act", "卖地", "--use", "0701", expect=1)
    assert "供地" in said["error"]["sentence"]

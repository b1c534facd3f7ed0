"""Measure the gate: one check against the bare queries it contains, and a whole layer against plain geopandas.

`python bench/gate.py [--parcels N] [--plots N] [--rows N] [--rounds N] [--home FOLDER] [--only single|layer] [--postgresql]`
makes a home of its own in a temporary folder, or in FOLDER, where it is kept, and fills it with parcels, plots with their
events, lists and reports, factories and zones; with --postgresql in a private cluster that lives as long as the run. One check is a question sent to the API with an officer's token that is answered and
kept; it is compared at p95 with the sum of what nobody can do without: its bare spatial queries, one empty request with
the same token, one audited insert of the same row. The layer is asked about as
`soildesk gate batch` does; its answers, reading included, are compared with geopandas reading the same layers from
GeoPackages and laying each over the grounds, and the pairs of grounds and plots must be the same. What keeping the
answers and writing the workbook take is printed beside. The exit code is 1 where a limit is missed or the pairs differ.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import shapely

ROOT = Path(__file__).resolve().parent.parent
TIMES_BARE = 4.0  # at most
TIMES_GEOPANDAS = 1.0  # at most
DAY = date(2026, 11, 20)
AT = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
SINCE = AT.date()
CHUNK = 20_000
ASKED, EMPTY = "/api/v1/gate/checks", "/api/bench/empty"
WEST, SOUTH, STEP, WIDTH = 114.0, 34.0, 0.002, 1000
USES = ("1001", "0701", "0103", "0803")
WAYS = (
    ("S0", "", ("suspected_listed",)),
    ("S2", "", ("suspected_listed", "preliminary_begun", "preliminary_exceeds")),
    ("released", "survey", ("suspected_listed", "preliminary_begun", "preliminary_within")),
)
"""Stage, exit and the events that lead there."""


def set_up(home: str) -> None:
    """The desk in `home`, with an empty page beside it."""
    sys.path[:0] = [str(ROOT / "src"), str(ROOT / "bench")]
    os.environ |= {
        "SOILDESK_HOME": home,
        "SOILDESK_TODAY": DAY.isoformat(),
        "DJANGO_SETTINGS_MODULE": "list_desk.settings",
    }
    Path(home, "static").mkdir(exist_ok=True)
    import django

    django.setup()
    from django.core.management import call_command
    from django.http import HttpRequest, HttpResponse
    from django.urls import path

    from soildesk import urls
    from soildesk.core.permissions import require
    from soildesk.exchange import asking

    def empty(request: HttpRequest) -> HttpResponse:
        require(asking.actor_of(request), "decisions.ask")
        return HttpResponse()

    call_command("migrate", verbosity=0)
    urls.urlpatterns.append(path(EMPTY.strip("/"), empty))


def boxes(ids: np.ndarray, size: float = 0.0015) -> np.ndarray:
    """The ground of each parcel in a grid."""
    west, south = WEST + (ids % WIDTH) * STEP, SOUTH + (ids // WIDTH) * STEP
    return shapely.multipolygons(shapely.box(west, south, west + size, south + size)[:, None])


def anywhere(count: int, parcels: int, size: float, seed: int) -> np.ndarray:
    """Six-cornered grounds of some degrees across, anywhere on the parcels."""
    chance = np.random.default_rng(seed)
    high = max(parcels / WIDTH, 1) * STEP
    wide = min(parcels, WIDTH) * STEP
    middle = np.stack([WEST + chance.random(count) * wide, SOUTH + chance.random(count) * high], axis=-1)[:, None, :]
    turn = np.linspace(0, 2 * np.pi, 6, endpoint=False) + chance.random((count, 1))
    radius = size / 2 * chance.uniform(0.6, 1, (count, 6, 1))
    rings = middle + radius * np.stack([np.cos(turn), np.sin(turn)], axis=-1)
    return shapely.multipolygons(shapely.polygons(rings)[:, None])


def layers_of(parcels: int, plots: int) -> dict[str, np.ndarray]:
    """The layers as they lie in the desk; the same numbers give the same shapes."""
    return {
        "parcels": boxes(np.arange(parcels) + 1),
        "plots": anywhere(plots, parcels, 0.003, 1),
        "sites": anywhere(max(plots // 4, 1), parcels, 0.004, 2),
        "zones": anywhere(max(plots // 20, 1), parcels, 0.02, 3),
    }


def fill(layers: dict[str, np.ndarray]) -> None:
    """Everything the gate reads, and an officer who asks."""
    from django.db import connection

    from soildesk.core.models import Department, Division, Person, RoleGrant

    district = Division.objects.create(
        code="990101", name="青禾区", level="county", since=date(2015, 1, 1), path="99/9901/990101/"
    )
    office = Department.objects.create(
        name="青禾区生态环境局", short_name="区生态环境局", division=district, function="ecology"
    )
    person = Person.objects.create(username="bench", name="测速", department=office)
    RoleGrant.objects.create(person=person, role=RoleGrant.Role.OFFICER, division=district)
    own = {"division_path": district.path, "owner_department": office}
    fill_parcels(layers["parcels"], own)
    fill_plots(layers["plots"], own)
    fill_sites(layers["sites"], own)
    fill_zones(layers["zones"], own, len(layers["parcels"]))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def fill_parcels(grounds: np.ndarray, own: dict[str, Any]) -> None:
    """Parcels side by side, each with its use."""
    from soildesk.core.geometry.loading import load
    from soildesk.land.models import Parcel, ParcelVersion

    for start in range(0, len(grounds), CHUNK):
        shapes = grounds[start : start + CHUNK]
        keys = list(range(start + 1, start + 1 + len(shapes)))
        load(Parcel, {"id": keys, "number": [f"DK-990101-2026-{n:07d}" for n in keys]})
        said = {"use_system": "guide2023", "use_now": [USES[n % 4] for n in keys], "name": [f"宗地{n}" for n in keys]}
        more = {
            "kind": "lot",
            "code": "",
            "location": "",
            "use_planned": "",
            "holder": "",
            "holder_kind": "",
            "reason": "",
        }
        load(
            ParcelVersion,
            {
                "id": keys, "parcel": keys, "geometry": shapes, "area_m2": [20_000.0] * len(keys),
                "since": SINCE, "recorded_at": AT, **said, **more, **own,
            },
        )  # fmt: skip


def fill_plots(grounds: np.ndarray, own: dict[str, Any]) -> None:
    """Plots with the events, the stage and the stays on lists these made."""
    from soildesk.plots.models import Membership, Plot, PlotEvent, PlotStage, PlotVersion

    said = {"recorded_at": AT, **own}
    numbers = range(1, len(grounds) + 1)
    plots = Plot.objects.bulk_create([Plot(number=f"JD-990101-2026-{n:06d}") for n in numbers], batch_size=CHUNK)
    PlotVersion.objects.bulk_create(
        [PlotVersion(plot=plot, name=f"地块{n}", geometry=ground, area_m2=1.0, since=SINCE, **said)
         for n, plot, ground in zip(numbers, plots, grounds, strict=True)], batch_size=CHUNK,
    )  # fmt: skip
    events: list[Any] = []
    stages, stays = [], []
    for n, plot, ground in zip(numbers, plots, grounds, strict=True):
        stage, exit_, kinds = WAYS[n % 3]
        told = [_event(plot, kind, date(2026, 2, 2 + at), said) for at, kind in enumerate(kinds)]
        events += told
        covered = ground if exit_ else None
        stages.append(
            (PlotStage(plot=plot, stage=stage, exit=exit_, since=told[-1].on, covered=covered, **said), told[-1])
        )
        until = told[-1].on if exit_ else None
        stays.append(
            (Membership(plot=plot, list_key="suspected", since=told[0].on, until=until, **said), told[0], told[-1])
        )
    PlotEvent.objects.bulk_create(events, batch_size=CHUNK)
    for one, event in stages:
        one.event = event
    for one, first, last in stays:
        one.event, one.event_out = first, last if one.until else None
    PlotStage.objects.bulk_create([one for one, _event in stages], batch_size=CHUNK)
    Membership.objects.bulk_create([one for one, *_events in stays], batch_size=CHUNK)


def _event(plot: Any, kind: str, on: date, said: dict[str, Any]) -> Any:
    from soildesk.plots.models import PlotEvent

    data = {"filed_on": on.isoformat(), "column": "first"} if kind == "preliminary_within" else {}
    return PlotEvent(plot=plot, kind=kind, on=on, authority="青禾区生态环境局", level="county", data=data, **said)


def fill_sites(grounds: np.ndarray, own: dict[str, Any]) -> None:
    """Factories, half of them on the list of key units."""
    from soildesk.enterprises.models import Enterprise, EnterpriseVersion, Listing, ListNotice, Site, SiteVersion

    said = {"since": SINCE, "recorded_at": AT, **own}
    numbers = range(1, len(grounds) + 1)
    firms = Enterprise.objects.bulk_create([Enterprise(number=f"QY-990101-{n:06d}") for n in numbers])
    EnterpriseVersion.objects.bulk_create(
        [EnterpriseVersion(enterprise=one, name=f"第{one.number}厂", industry="2631", **said) for one in firms],
        batch_size=CHUNK,
    )
    sites = Site.objects.bulk_create([Site(number=f"CQ-990101-{n:06d}") for n in numbers])
    SiteVersion.objects.bulk_create(
        [SiteVersion(site=site, enterprise=firm, name=f"{firm.number}厂区", geometry=ground, area_m2=1.0, **said)
         for site, firm, ground in zip(sites, firms, grounds, strict=True)], batch_size=CHUNK,
    )  # fmt: skip
    notice = ListNotice.objects.create(
        list_key="soil_key",
        number="云环〔2026〕1号",
        title="名录",
        authority="云泽市生态环境局",
        decided_on=SINCE,
        **said,
    )
    listed = [Listing(enterprise=one, list_key="soil_key", notice=notice, **said) for one in firms[::2]]
    Listing.objects.bulk_create(listed, batch_size=CHUNK)


def fill_zones(grounds: np.ndarray, own: dict[str, Any], parcels: int) -> None:
    """A layer of basic farmland, and the boundary of the district around everything."""
    from soildesk.land.models import Layer, LayerEdition, Zone

    around = shapely.box(WEST - 0.1, SOUTH - 0.1, WEST + WIDTH * STEP + 0.1, SOUTH + parcels / WIDTH * STEP + 0.1)
    for kind, shapes in (("basic_farmland", grounds), ("division", [around])):
        layer = Layer.objects.create(code=kind, title=kind, kind=kind, created_at=AT, **own)
        edition = LayerEdition.objects.create(layer=layer, state="accepted", since=SINCE, recorded_at=AT)
        zones = [Zone(edition=edition, name=f"{kind}{n}", geometry=one, **own) for n, one in enumerate(shapes)]
        Zone.objects.bulk_create(zones, batch_size=CHUNK)


@contextmanager
def seen() -> Iterator[list[tuple[str, Any]]]:
    """The spatial statements a piece of work sends."""
    from django.db import connection

    found: list[tuple[str, Any]] = []

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT") and ("json_each" in sql or "&&" in sql):
            found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        yield found


def milliseconds(work: Callable[[], Any]) -> float:
    """How long something takes."""
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000


def single(person: Any, parcels: int, rounds: int) -> float:
    """Times of one check and of what it contains; returns the ratio at p95."""
    from django.test import Client

    client = Client(headers={"host": "localhost", "authorization": f"Bearer {token_of(person)}"})
    grounds = anywhere(rounds + 5, parcels, 0.0025, 11)
    took: dict[str, list[float]] = {"check": [], "queries": [], "request": [], "insert": []}
    for number, ground in enumerate(grounds):
        said = {"ground": json.loads(shapely.to_geojson(ground.geoms[0])), "act": "供地", "use": "0701"}
        said |= {"use_scheme": "guide2023", "on": DAY.isoformat()}
        with seen() as statements:
            client_took = milliseconds(lambda said=said: _posted(client, said))
        parts = (
            client_took,
            milliseconds(lambda sent=statements: _bare(sent)),
            milliseconds(lambda: _empty(client)),
            milliseconds(lambda number=number: _inserted(person, number)),
        )
        if number >= 5:  # the first ones fill caches
            for key, one in zip(took, parts, strict=True):
                took[key].append(one)
    bare = [sum(parts) for parts in zip(took["queries"], took["request"], took["insert"], strict=True)]
    ratio = _p95(took["check"]) / _p95(bare)
    for key, times in took.items():
        sys.stdout.write(f"{key:8} p50 {statistics.median(times):7.1f} ms  p95 {_p95(times):7.1f} ms\n")
    sys.stdout.write(f"one check takes {ratio:.2f} times the bare work it contains (at most {TIMES_BARE:g})\n")
    return ratio


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def token_of(person: Any) -> str:
    """A token with which a program asks for the officer."""
    from soildesk.core import clock, tokens
    from soildesk.core.permissions import Actor

    made = tokens.create(person, tokens.NewToken(scope="write"), by=Actor.of(person, DAY), at=clock.now())
    return made[1]


def _posted(client: Any, said: dict[str, Any]) -> None:
    answer = client.post(ASKED, said, content_type="application/json")
    if answer.status_code != 201:
        raise SystemExit(f"the gate answered {answer.status_code}: {answer.content[:3000].decode()}: nothing measured.")


def _empty(client: Any) -> None:
    if client.post(EMPTY).status_code != 200:
        raise SystemExit("the empty page did not answer: nothing measured.")


def _bare(statements: list[tuple[str, Any]]) -> None:
    from django.db import connection

    for sql, params in statements:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            cursor.fetchall()


def _inserted(person: Any, number: int) -> None:
    """The last answer once more under another number, audited."""
    from django.db import transaction

    from soildesk.core import audit
    from soildesk.core.models import new_uid
    from soildesk.core.permissions import Actor
    from soildesk.decisions.models import GateQuery

    last = GateQuery.objects.order_by("-pk")[0]
    told = {field.attname: getattr(last, field.attname) for field in GateQuery._meta.concrete_fields}
    anew = {"id": None, "uid": new_uid(), "number": f"{last.number}-{number}", "token": f"{last.number}{number}"}
    row = GateQuery(**told | anew)
    with transaction.atomic():
        row.save(force_insert=True)
        audit.record("decisions.gate.asked", subject=row, by=Actor.of(person, DAY), at=AT, data={"number": row.number})


def written(folder: Path, layers: dict[str, np.ndarray]) -> None:
    """The layers as GeoPackages, which both sides read: the desk the grounds alone, it holds the others itself."""
    import geopandas

    for name, shapes in layers.items():
        frame = geopandas.GeoDataFrame({"name": [f"{name}{n}" for n in range(len(shapes))]}, geometry=shapes, crs=4490)
        frame.to_file(folder / f"{name}.gpkg", engine="pyogrio")


def desk(folder: Path, person: Any) -> tuple[float, float, int]:
    """Seconds to the answers, seconds with all kept and the workbook written, and the pairs of grounds and plots."""
    from soildesk.core.permissions import Actor
    from soildesk.decisions import grounds
    from soildesk.decisions.models import GateQuery
    from soildesk.decisions.services import batch

    by = Actor.of(person, DAY)
    order = batch.Order("供地计划", "供地", DAY, "0701", "guide2023")
    answered = [0.0]

    def step(done: int, total: int | None) -> None:
        answered[0] = time.perf_counter()

    begin = time.perf_counter()
    path = folder / "grounds.gpkg"
    held = batch.begin(order, None, by=by, at=AT)
    batch.run(held, order, grounds.rows_of(path, path.name, by_command=True), by=by, at=AT, step=step)
    whole = time.perf_counter() - begin
    pairs = sum(len(one["plots"]) for one in GateQuery.objects.filter(batch=held).values_list("facts", flat=True))
    return answered[0] - begin, whole, pairs


def peer(folder: Path) -> tuple[float, float, int]:
    """Seconds geopandas takes for the same overlaps, those without the parcels, and the pairs of grounds and plots."""
    import geopandas

    def read(name: str) -> Any:
        return geopandas.read_file(folder / f"{name}.gpkg", engine="pyogrio")

    def laid_over(frame: Any, other: Any) -> Any:
        return geopandas.overlay(frame, other, how="intersection", keep_geom_type=True)

    begin = time.perf_counter()
    frame, plots = read("grounds"), read("plots")
    found = laid_over(frame, plots)
    near = frame.to_crs(4527)
    near["geometry"] = near.buffer(50)
    geopandas.sjoin(near, plots.to_crs(4527), predicate="intersects")
    for name in ("sites", "zones"):
        laid_over(frame, read(name))
    without = time.perf_counter() - begin
    laid_over(frame, read("parcels"))
    return time.perf_counter() - begin, without, len(found)


def layer(person: Any, folder: Path, layers: dict[str, np.ndarray]) -> tuple[float, bool]:
    """Times of a whole layer; returns the ratio, and whether both found the same pairs."""
    written(folder, layers)
    theirs, without, pairs = min(peer(folder) for _ in range(2))
    answers, whole, own = min(desk(folder, person) for _ in range(2))
    sys.stdout.write(
        f"{len(layers['grounds'])} grounds: desk {answers:.2f} s to the answers, {whole:.2f} s with all kept and the workbook; "
        f"geopandas {theirs:.2f} s, {without:.2f} s without the parcels; pairs {own} and {pairs}\n"
        f"the answers take {answers / theirs:.2f} times as long as geopandas (at most {TIMES_GEOPANDAS:g}); "
        f"with all kept {whole / theirs:.2f}\n"
    )
    return answers / theirs, own == pairs


@contextmanager
def at_home(kept: Path | None) -> Iterator[Path]:
    """The folder of the desk: one that is removed at the end, or one that is kept and filled once."""
    if kept is None:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)
    else:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.resolve()


def filled(home: Path, layers: dict[str, np.ndarray]) -> Any:
    """The officer who asks, in a desk that holds the layers; one that was filled before is taken as it is."""
    from soildesk.core.models import Person

    sizes, held = {name: len(shapes) for name, shapes in layers.items()}, home / "filled.json"
    if not held.exists():
        fill(layers)
        held.write_text(json.dumps(sizes))
    elif json.loads(held.read_text()) != sizes:
        raise SystemExit(f"{home} holds {held.read_text()}, asked are {json.dumps(sizes)}: name another folder.")
    return Person.objects.get(username="bench")


def main() -> int:
    """Fill, run, compare."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--parcels", type=int, default=1_000_000)
    options.add_argument("--plots", type=int, default=20_000)
    options.add_argument("--rows", type=int, default=5_000)
    options.add_argument("--rounds", type=int, default=200)
    options.add_argument("--home", type=Path, help="keep the desk in this folder and fill it once")
    options.add_argument("--only", choices=("single", "layer"))
    options.add_argument("--postgresql", action="store_true", help="on PostgreSQL, by bin/localpg")
    given = options.parse_args()
    if given.postgresql and "SOILDESK_DATABASE_URL" not in os.environ:
        return subprocess.run([str(ROOT / "bin/localpg"), sys.executable, *sys.argv], check=False).returncode
    if not given.postgresql:
        os.environ.pop("SOILDESK_DATABASE_URL", None)
    fine = True
    with at_home(given.home) as home:
        set_up(str(home))
        layers = layers_of(given.parcels, given.plots)
        person = filled(home, layers)
        sys.stdout.write(f"{given.parcels} parcels, {given.plots} plots\n")
        if given.only != "layer":
            fine = single(person, given.parcels, given.rounds) <= TIMES_BARE
        if given.only != "single":
            layers["grounds"] = anywhere(given.rows, given.parcels, 0.0025, 12)
            times, same = layer(person, home, layers)
            fine = fine and same and times <= TIMES_GEOPANDAS
    return int(not fine)


if __name__ == "__main__":
    sys.exit(main())

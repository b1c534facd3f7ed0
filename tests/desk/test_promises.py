"""What an actor may not see changes no answer: every address is walked with the records of another division."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from typing import Any
from uuid import uuid4

import filing_world
import judgement_world
import land_world
import ledger_world
import monitoring_world
import oversight_world
import plant_world
import pytest
import risk_world
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from desk.conftest import DAY, World, kept, made_world
from soildesk.core import files, jobs
from soildesk.core.models import AuditEntry, Department, FileUse, Job, Person, RoleGrant
from soildesk.core.permissions import system_actor
from soildesk.enterprises.models import (
    Enterprise,
    Facility,
    Filing,
    Happening,
    Hazard,
    Inspection,
    Listing,
    Representative,
)  # fmt: skip
from soildesk.enterprises.services import happenings
from soildesk.enterprises.services.happenings import Told
from soildesk.kit import errors, imports
from soildesk.kit.models import ImportBatch, SavedView
from soildesk.kit.register import collections, registers
from soildesk.land.models import Parcel, Patrol, UnusedLand
from soildesk.land.services import layers, patrols
from soildesk.monitoring.models import Background, Campaign, Point, SamplingTask
from soildesk.monitoring.services import backgrounds
from soildesk.oversight.models import InspectionPlan, Problem, Visit
from soildesk.plans.models import Assignment, Binding, Indicator, Milestone, Plan, PlanConflict, PlanTask
from soildesk.plans.services import binding, intake, work
from soildesk.plans.services.drafts import read_pasted
from soildesk.standards.models import Evaluation, LocalEdition, LocalProposal, RiskRun, RiskSite, Trial
from soilrules.enterprises.facts import EventKind

pytestmark = pytest.mark.django_db
SECRETS = ("绝密甲", "绝密乙", "绝密丙", "绝密丁")
NOVEMBER = datetime(2026, 11, 19, 2, 0, tzinfo=UTC)
OWN = {"enterprises.proposal.made"}
"""What an outsider may do in a place of its own while it walks."""
ROOMS = (
    "plans.", "kit.", "standards.", "land.", "monitoring.", "enterprises.", "oversight.", "plots.", "farmland.",
    "decisions.", "supervision.", "reporting.", "assessment.",
)  # fmt: skip
OPEN = {"login", "logout", "set_language", "core:second_factor", "core:second_factor_setup", "core:second_factor_qr"}


def addresses(resolver: URLResolver | None = None, space: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Every named address: its name, and its parameters with their kinds."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from addresses(entry, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern) and entry.name:
            kinds = {name: type(kind).__name__ for name, kind in entry.pattern.converters.items()}
            yield f"{space}{entry.name}", kinds


NAMED = {
    "plans": (Plan, PlanTask, Assignment), "core": (FileUse, Job, Person, Department), "kit": (ImportBatch, SavedView),
    "standards": (RiskSite, RiskRun, Evaluation, Trial, LocalProposal, LocalEdition),
    "land": (Parcel, UnusedLand, Patrol),
    "monitoring": (Campaign, Point, Background, SamplingTask),
    "enterprises": (Enterprise, Listing, Filing, Happening, Inspection, Hazard),
    "oversight": (Problem, InspectionPlan, Visit, Enterprise),
}  # fmt: skip


def values(kind: str, parameter: str, room: str) -> list[Any]:
    """Keys of records of the room that a parameter of this kind could name: the first and the last of each table."""
    if kind == "UUIDConverter":
        other = (Facility,) if parameter == "facility" else (Department,)
        tables = NAMED.get(room, ()) if parameter == "uid" else other
        rows = [
            table.objects.order_by(order).values_list("uid", flat=True) for table in tables for order in ("pk", "-pk")
        ]
        return list(dict.fromkeys(uid for found in rows for uid in found[:1]))
    if kind == "IntConverter":
        tables = (Milestone, Indicator, PlanConflict, Binding, Representative)
        return list(dict.fromkeys(pk for table in tables for pk in table.objects.values_list("pk", flat=True)[:1]))
    if parameter == "collection" or (parameter == "name" and room == "exchange"):
        return list(collections())
    if kind == "SlugConverter":
        return list(SLUGS.get(parameter, ("accept", "settle", "secret_layer")))
    return [*imports.kinds(), *registers()] if room == "kit" else ["secret_layer", "990101"]


SLUGS = {
    "key": ("soil_key", "card", "settle"), "code": ("secret_layer", "settle"), "slug": ("gb36600-2018", "cadmium"),
    "act": ("merge", "accept"), "layer": ("secret_layer", "plots"),
}  # fmt: skip
"""Words an address may hold, by the name of the parameter; every word is asked with every record."""


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One world for all tests of this file; what a test changes in it is undone after the test."""
    with django_db_blocker.unblock(), kept(tmp_path_factory.mktemp("promises")):
        yield made_world()


@pytest.fixture(autouse=True)
def home() -> None:
    """The files of the one world stay where they are."""


@pytest.fixture(scope="module")
def secret(world: Any) -> Any:
    """A plan at work and a draft in 青禾区, with files, progress, a job, a view and an import; nobody else's business."""
    text = ledger_world.TEXT.replace("土壤污染防治工作方案", "绝密甲方案").replace("隐患排查", "绝密乙排查")
    officer, at = world.actor("officer"), NOVEMBER
    place = intake.Place(world.district, world.departments["ecology"])
    source = intake.Source.of(text.encode(), "绝密丙.txt")
    plan = intake.import_plan(read_pasted(text), source, place, by=officer, at=ledger_world.MARCH)
    ledger_world.review.accept_confident(plan, by=officer, at=ledger_world.MARCH, everything=True)
    ledger_world.publishing.publish(plan, by=world.actor("issuer"), at=ledger_world.MARCH)
    row = ledger_world.at_unit(plan, "（一）", world.departments["ecology"])
    work.report(row, work.Report("绝密丁进展"), by=officer, at=at, attachments=[("绝密丙.txt", "绝密丁".encode())])
    binding.bind(row.task, "plans.documents_checked", by=officer, at=at)
    job = jobs.start(
        "kit.export", {"register": "plans.ledger", "on": "2026-11-20", "query": ""}, by=officer, title="绝密丁"
    )
    job.result_file = files.attach(job, data="绝密丁".encode(), name="绝密丙.csv", kind="result", by=officer, at=at)
    job.save()
    SavedView.objects.create(owner=officer.person, register="plans.ledger", name="绝密丁", saved_at=at)
    ImportBatch.objects.create(
        kind="plans.sheet",
        file_name="绝密丙.xlsx",
        sha256="0" * 64,
        by=officer.person,
        at=at,
        context={"plan": str(plan.uid)},
        state="previewed",
    )
    draft = text.replace("〔2026〕4号", "〔2026〕5号").replace("绝密甲", "绝密丁")
    intake.import_plan(read_pasted(draft), intake.Source.of(draft.encode()), place, by=officer, at=at)
    risk_world.run(world, risk_world.site(world, "绝密甲地块"))
    secret_judgements(world)
    secret_land(world)
    secret_network(world)
    secret_firm(world)
    return plan


def secret_land(world: Any) -> None:
    """A parcel, a layer with a zone, unused land with a patrol that found something."""
    made = land_world.parcel(world, land_world.square(0, 0), name="绝密甲", holder="绝密乙", code="绝密丙")
    assert made.name in SECRETS
    zone = {"code": "绝密甲", "name": "绝密乙", "geometry": land_world.square(0, 0)}
    layer = land_world.layer(world, "secret_layer", "red_line", [zone])
    layers.describe(layer, {"title": "绝密丙"}, by=world.actor("officer"), at=NOVEMBER)
    waste = land_world.waste(world, land_world.square(3, 0), "绝密丁")
    seen = patrols.Seen("dumping", land_world.SINCE, "绝密甲")
    patrols.record(waste, seen, by=world.actor("town"), at=NOVEMBER)


def secret_network(world: Any) -> None:
    """A point, a background, a campaign with a sample taken and handed over."""
    here = monitoring_world.spot(0, 0)
    made = monitoring_world.point(world, here, name="绝密甲", code="绝密乙", source="绝密丙", openness="cell")
    backgrounds.register(
        {"name": "绝密甲", "analyte": "镉", "upper": "1", "document": "绝密乙", "geometry": land_world.square(0, 0)},
        land_world.place(world), since=land_world.SINCE, by=world.actor("officer"), at=NOVEMBER,
    )  # fmt: skip
    _campaign, tasks = monitoring_world.started(world, {"a": made}, title="绝密丁")
    monitoring_world.record(world, tasks["a"], sampler="绝密甲", note="绝密乙")
    monitoring_world.send(world, [tasks["a"]])


def secret_firm(world: Any) -> None:
    """A key unit with its ground, plant, filing and facts; drawn, visited, with a problem."""
    plant, desk = plant_world.Plant(world, name="绝密甲有限公司"), oversight_world.Desk(world)
    made, firm = plant.firms, plant.firm
    listing = made.listed(firm, "soil_key", land_world.SINCE, reason="绝密乙")
    assert listing.notice.number
    made.site(firm, land_world.square(0, 0), name="绝密丙厂区")
    plant.hazard(plant.inspection(), note="绝密乙", suggestion="绝密丁")
    filing_world.sent(made, firm, Filing.Kind.DEMOLITION_PLAN, subject="绝密丁车间")
    anomaly = Told(EventKind.ANOMALY, land_world.SINCE, subject="绝密丙")
    happenings.record(firm, anomaly, by=world.actor("officer"), at=NOVEMBER)
    plan = desk.plan(1, title="绝密甲检查")
    desk.visit(firm, "绝密乙", plan=plan, inspectors="绝密丙")


def secret_judgements(world: Any) -> None:
    """A judgement with the trial it was kept from, a standard of the place with its proposal."""
    table = "样品,砷(mg/kg)\n绝密乙,24\n"
    judgement_world.kept(world, table, "绝密甲", "绝密丙.csv", standard="gb36600")
    judgement_world.accepted(world, judgement_world.filled({"标准编号": "绝密甲 1-2026"}))


def leaks(answer: Any) -> list[str]:
    """Secret words in an answer."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    told = body.decode("utf-8", "replace") + "".join(f"{value}" for value in answer.headers.values())
    return [word for word in SECRETS if word in told]


def rows() -> list[tuple[str, str]]:
    """Every register with rows of its own and with the key of a record that is none of its rows."""
    everything, elsewhere = system_actor("test", DAY), str(Plan.objects.earliest("pk").uid)
    found = []
    for name, register in collections().items():
        own = register.queryset(everything, DAY).values_list(register.key, flat=True)[:3]
        found += [(name, str(key)) for key in (*own, elsewhere)]
    return found


def parameters(kinds: dict[str, str], room: str) -> Iterator[tuple[Any, ...]]:
    """What an address of these parameters could name."""
    if list(kinds) in (["collection", "key"], ["name", "key"]):
        yield from rows()
    else:
        yield from product(*(values(kind, parameter, room) for parameter, kind in kinds.items()))


@pytest.fixture(scope="module")
def calls(secret: Plan) -> list[tuple[str, str]]:
    """(name, address) of every page with every record it could name; who asks adds none that outlives the test."""
    return list(everything_named())


def everything_named() -> Iterator[tuple[str, str]]:
    """The same, one by one."""
    for name, kinds in addresses():
        if name in OPEN or name.startswith("second_factor"):
            continue
        for chosen in parameters(kinds, name.partition(":")[0]):
            yield name, reverse(name, kwargs=dict(zip(kinds, chosen, strict=True)))


def outsiders(world: Any) -> dict[str, Person]:
    """People with every kind of role who have no business in 青禾区."""
    unit = world.departments["other_ecology"]
    found = {"officer": world.people["stranger"]}
    for role in (RoleGrant.Role.AUDITOR, RoleGrant.Role.DEPARTMENT):
        person = Person.objects.create(username=f"other_{role}", name=f"other_{role}", department=unit)
        own = unit if role == RoleGrant.Role.DEPARTMENT else None
        RoleGrant.objects.create(person=person, role=role, division=world.other, department=own)
        found[str(role)] = person
    return found


@pytest.fixture
def frames_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The frame around a refusal is drawn once for each address; thousands more say only what the refusal says."""
    drawn, whole = set(), errors.render

    def render(request: Any, template: str, context: dict[str, Any], status: int) -> HttpResponse:
        address = request.resolver_match and request.resolver_match.view_name
        if address in drawn:
            return HttpResponse(str(context["error"]), status=status)
        drawn.add(address)
        return whole(request, template, context, status=status)

    monkeypatch.setattr(errors, "render", render)


@pytest.mark.usefixtures("frames_once", "one_asker")
@pytest.mark.parametrize("who", ["officer", "auditor", "department"])
def test_another_divisions_records_change_no_answer(
    world: Any, calls: list[tuple[str, str]], client: Client, who: str
) -> None:
    client.force_login(outsiders(world)[who])
    client.raise_request_exception = False
    before, wrong, walked = AuditEntry.objects.count(), [], set()
    asks = (client.get,) if who == "auditor" else (client.get, client.post)  # an auditor writes nothing anywhere
    for name, url in calls:
        walked.add(name)
        for ask in asks:
            answer = ask(url)
            if leaks(answer) or answer.status_code >= 500:
                wrong.append((name, ask.__name__, answer.status_code, leaks(answer)))
    assert not wrong, sorted({str(one) for one in wrong})
    assert walked >= {
        "plans:task",
        "plans:export",
        "core:file",
        "kit:import",
        "core:job",
        "plans:settle",
        "plans:overview",
        "standards:risk_run",
        "standards:risk_report",
        "standards:evaluation",
        "standards:trial",
        "standards:report",
        "standards:local_edition",
        "standards:proposal",
        "land:split",
        "land:layer",
        "land:patrol_of",
        "monitoring:campaign",
        "monitoring:field_record",
        "monitoring:slip",
        "enterprises:list",
        "enterprises:duty_card",
        "enterprises:filing",
        "enterprises:inspection_sheet",
        "oversight:problem_act",
        "oversight:visit_firm",
    }
    acts = set(AuditEntry.objects.order_by("id").values_list("act", flat=True)[before:])
    assert not {act for act in acts - OWN if act.startswith(ROOMS)}, "nothing was written"


@pytest.mark.parametrize(
    "query",
    [
        "?plan=all",
        "?plan={plan}",
        "?unit={unit}",
        "?unit=all",
        "?q=绝密",
        "?state=overdue",
        "?export=csv",
        "?plan=all&export=csv",
    ],
)
def test_filters_counts_and_exports_do_not_know_it_either(world: Any, secret: Plan, client: Client, query: str) -> None:
    client.force_login(world.people["stranger"])
    asked = query.format(plan=secret.uid, unit=world.departments["ecology"].uid)
    for name in (
        "plans:list",
        "plans:ledger",
        "plans:department",
        "plans:reminders",
        "standards:risk_sites",
        "standards:evaluations",
        "standards:local",
        "standards:proposals",
        "standards:library",
        "land:layers",
        "land:patrol",
        "land:ground",
        "enterprises:lists",
        "enterprises:duties",
        "enterprises:duty_reminders",
        "enterprises:plot_candidates",
        "enterprises:hazard_rates",
        "oversight:compare",
        "home:search",
        "home:today",
    ):
        assert not leaks(client.get(reverse(name) + asked)), name


@pytest.mark.usefixtures("frames_once", "one_asker")
def test_an_administrator_of_the_very_division_sees_no_business(
    world: Any, calls: list[tuple[str, str]], client: Client
) -> None:
    client.force_login(world.people["admin"])
    client.raise_request_exception = False
    for name, url in calls:
        if name in {"core:job", "core:jobs"}:
            continue  # an administrator sees that a job runs, by its title
        answer = client.get(url)
        assert not leaks(answer), (name, url)
        assert answer.status_code < 500, (name, url)


@pytest.mark.usefixtures("one_asker")
def test_units_read_what_went_out_but_no_draft_and_only_their_own_evidence(
    world: Any, secret: Plan, calls: list[tuple[str, str]], client: Client
) -> None:
    draft = Plan.objects.get(stage=Plan.Stage.REVIEW)
    use = FileUse.objects.get(kind="evidence")
    client.force_login(world.people["agriculture"])
    assert client.get(reverse("plans:overview", args=[secret.uid])).status_code == 200
    for name, url in calls:
        if str(draft.uid) in url:
            nowhere = url.replace(str(draft.uid), str(uuid4()))
            assert client.get(url).status_code == client.get(nowhere).status_code in {403, 404, 405}, name
    assert "绝密丁方案" not in client.get(reverse("plans:list")).content.decode()
    assert client.get(reverse("core:file", args=[use.uid])).status_code == 404
    task = ledger_world.task(secret, "（一）")
    assert "绝密丙" not in client.get(reverse("plans:task", args=[task.uid])).content.decode(), "nor the name of a file"

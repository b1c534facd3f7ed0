"""What a firm may not see it cannot infer: all that exists of another firm changes no answer it is given."""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from desk.conftest import DAY
from desk.enterprise_world import Firms
from desk.filing_world import PDF, sent
from desk.land_world import square
from desk.monitoring_world import spot
from desk.test_promises import OPEN, addresses
from soildesk.core import files
from soildesk.core.models import FileUse, Person, RoleGrant
from soildesk.core.versions import Recording
from soildesk.enterprises.models import EnterpriseVersion, Filing, Happening, Hazard, Inspection
from soildesk.enterprises.services import facilities, filings, happenings, inspections, representatives
from soildesk.enterprises.services import filingreview as review
from soildesk.enterprises.services.filings import What
from soildesk.enterprises.services.happenings import Told
from soildesk.enterprises.services.plantside import Done
from soildesk.kit.register import collections
from soilrules.enterprises.facts import EventKind

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
K = Filing.Kind
OURS = ("enterprises", "oversight")
"""Registers of these rooms are asked in every way; of the others the list and REST."""
SECRETS = ("绝密甲", "绝密乙", "绝密丙", "绝密丁")


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Firms:
    """A firm with a person of its own, on a list, with a filing."""
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    made = Firms(world)
    rival = made.firm("青禾化工有限公司", since=date(2015, 1, 1), geometry=spot(3, 3))
    made.listed(rival, "soil_key", date(2024, 3, 20))
    made.representative(rival, "rival")
    sent(made, rival, K.TOXIC_REPORT, who="rival")
    return made


def another(made: Firms) -> dict[str, Any]:
    """All there may be of another firm: itself, its ground, filings of every state, files, facts, hazards."""
    firm = made.firm("绝密甲有限公司", since=date(2015, 1, 1), geometry=spot(1, 1))
    made.listed(firm, "soil_key", date(2024, 3, 20), reason="绝密乙")
    made.site(firm, square(0, 0), name="绝密丙厂区")
    made.representative(firm)
    draft = sent(made, firm, K.TOXIC_REPORT)
    review.give_back(draft, why="绝密乙", by=made.officer, at=AT)
    plan = sent(made, firm, K.DEMOLITION_PLAN, subject="绝密丁车间")
    review.accept(plan, by=made.officer, at=AT)
    letter = sent(made, firm, K.LETTER)
    fact = happenings.record(firm, Told(EventKind.ANOMALY, date(2026, 7, 1), subject="绝密丙"), by=made.officer, at=AT)
    columns = {
        "enterprise": firm.enterprise,
        "division_path": firm.division_path,
        "owner_department": firm.owner_department,
    }
    inspection = Inspection.objects.create(
        number="绝密甲-1", cause="first", edition="-", began_on=DAY, recorded_at=AT, **columns
    )
    hazard = Hazard.objects.create(
        inspection=inspection, number="绝密乙-1", what="绝密丙", found_on=DAY, recorded_at=AT, **columns
    )
    use = files.attach(hazard, data=PDF + "绝密丁".encode(), name="绝密丁.pdf", kind="before", by=made.officer, at=AT)
    return {
        "firm": firm.enterprise, "filings": [draft, plan, letter], "fact": fact, "inspection": inspection,
        "hazard": hazard, "files": [use, *FileUse.objects.filter(subject_id=plan.pk)],
    }  # fmt: skip


def client_of(made: Firms, who: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(made.world.people[who], backend="django.contrib.auth.backends.ModelBackend")
    return client


def asked() -> list[str]:
    """Every page without a parameter, every register with its searches and exports, the map, and what programs ask."""
    plain = [reverse(name) for name, kinds in addresses() if not kinds and name not in OPEN]
    found = [*plain, f"{reverse('home:search')}?q=绝密", f"{reverse('enterprises:own')}?year=2026"]
    found += [f"{reverse('maps:find')}?q=绝密", *on_the_map()]
    for name, declared in collections().items():
        if not declared.name.startswith(OURS):
            found += [reverse("kit:collection", args=[name]), reverse("exchange:rest:rows", args=[name])]
            continue
        listed = reverse("kit:collection", args=[name])
        found += [listed, f"{listed}?q=绝密", f"{listed}?export=csv", f"{listed}?export=xlsx"]
        found += [f"{listed}?on=2025-06-30", f"{listed}?sort=-number", reverse("kit:import_new", args=[name])]
        found += asked_by_programs(name)
    return found


def on_the_map() -> list[str]:
    """The map's own questions, about the very place where the other firm stands."""
    place, box = spot(1, 1), ",".join(f"{side:.6f}" for side in square(-1, -1, 9, 9).bounds)
    every = "layers=" + "&layers=".join(collections())
    return [
        f"{reverse('maps:map')}?{every}", f"{reverse('maps:setup')}?{every}", f"{reverse('maps:names')}?{every}&z=15&bbox={box}",
        f"{reverse('maps:at')}?{every}&lon={place.x}&lat={place.y}&metres=5000",
        f"{reverse('maps:inside')}?{every}&bbox={box}", f"{reverse('maps:inside')}?{every}&bbox={box}&as=text",
    ]  # fmt: skip


def asked_by_programs(name: str) -> list[str]:
    """REST, OGC API Features and tiles of a collection: definitions, rows, counts, orders, words, boxes, tiles."""
    box = ",".join(f"{side:.6f}" for side in square(-1, -1, 9, 9).bounds)
    rest, ogc = reverse("exchange:rest:rows", args=[name]), reverse("exchange:ogc_items", args=[name])
    found = [
        rest,
        *(f"{rest}?{each}" for each in ("limit=1", "q=绝密", f"bbox={box}", "sort=-number", "on=2025-06-30")),
    ]
    found += [ogc, *(f"{ogc}?{each}" for each in ("limit=1", f"bbox={box}", "filter=name LIKE '%25绝密%25'"))]
    for page in ("ogc_collection", "ogc_queryables", "ogc_schema"):
        found.append(reverse(f"exchange:{page}", args=[name]))
    found.append(reverse("tiles:description", args=[name]))
    return found + [reverse("tiles:tile", args=[name, *tile]) for tile in tiles_of(spot(1, 1))]


def tiles_of(place: Any) -> list[tuple[int, int, int]]:
    """The tiles a place lies in, far and near."""
    found = []
    for z in (0, 6, 10, 14):
        up = math.asinh(math.tan(math.radians(place.y)))
        found.append((z, int((place.x + 180) / 360 * 2**z), int((1 - up / math.pi) / 2 * 2**z)))
    return found


def plainly(answer: Any) -> tuple[int, str]:
    """An answer without what differs at every request."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body.startswith(b"PK") and "word" in answer.headers["Content-Type"]:  # a paper holds the moment it was made
        with ZipFile(BytesIO(body)) as paper:
            return answer.status_code, paper.read("word/document.xml").decode("utf-8")
    if body.startswith(b"PK"):  # a workbook does too
        sheets = load_workbook(BytesIO(body)).worksheets
        return answer.status_code, str([list(sheet.iter_rows(values_only=True)) for sheet in sheets])
    said = body.decode("utf-8", "replace")
    said = re.sub(r'(csrfmiddlewaretoken"? value="|X-CSRFToken":")[^"]*', "", said) + answer.headers.get("ETag", "")
    return answer.status_code, re.sub(r"\d\d:\d\d(:\d\d)?(\.\d+)?|/jobs/[0-9a-f-]+", "", said)


def told(client: Client, urls: list[str]) -> dict[str, tuple[int, str]]:
    return {url: plainly(client.get(url)) for url in urls}


@pytest.mark.usefixtures("one_asker")
def test_nothing_of_another_firm_changes_an_answer(made: Firms) -> None:
    rival, urls = client_of(made, "rival"), asked()
    told(rival, urls[:40])  # what is made at the first visit is made now
    before = told(rival, urls)
    another(made)
    after = told(rival, urls)
    assert [url for url in urls if before[url] != after[url]] == []
    assert [
        url for url, (_status, said) in after.items() if any(word in said.replace("绝密</", "") for word in SECRETS)
    ] == []
    own = after[f"{reverse('enterprises:own')}?year=2026"]
    assert own[0] == 302


def test_every_address_of_another_firm_is_one_that_does_not_exist(made: Firms) -> None:
    rival, secret = client_of(made, "rival"), another(made)
    firm = secret["firm"]
    named = [
        reverse("enterprises:own_card", args=[firm.uid]), reverse("enterprises:filing_new", args=[firm.uid]),
        *(reverse("core:file", args=[use.uid]) for use in secret["files"]),
    ]  # fmt: skip
    for filing in secret["filings"]:
        for act in ("", "_edit", "_keep", "_submit", "_withdraw", "_return", "_accept", "_receipt", "_release"):
            named.append(reverse(f"enterprises:filing{act}", args=[filing.uid]))
    wrong = []
    for url in named:
        for ask in (rival.get, rival.post):
            answer = ask(url)
            if answer.status_code not in (404, 405):
                wrong.append((url, ask.__name__, answer.status_code))
    assert wrong == []
    refused = [
        reverse("enterprises:duty_card", args=[firm.uid]),
        reverse("kit:record", args=["enterprises", str(firm.uid)]),
    ]
    assert {rival.get(url).status_code for url in refused} <= {403, 404}
    own = Filing.objects.exclude(enterprise=firm).get()
    for act in ("return", "accept", "receipt", "release"):
        assert rival.post(reverse(f"enterprises:filing_{act}", args=[own.uid]), {"why": "x"}).status_code == 404
    assert Happening.objects.filter(enterprise=firm).count() == 2


def test_who_no_longer_speaks_for_a_firm_sees_nothing_of_it(made: Firms) -> None:
    secret = another(made)
    boss = client_of(made, "firm")
    card = reverse("enterprises:own_card", args=[secret["firm"].uid])
    assert boss.get(card).status_code == 200
    representatives.end(secret["firm"].representatives.get(), on=DAY, by=made.officer, at=AT)
    assert boss.get(card).status_code == 404
    assert boss.get(reverse("enterprises:filing", args=[secret["filings"][0].uid])).status_code == 404
    assert "还没有授权" in boss.get("/", follow=True).content.decode()


def neighbour_town(made: Firms) -> None:
    """Somebody of the town beside the one where the other firm stands."""
    town = made.world.towns["军庄镇"]
    person = Person.objects.create(username="neighbour", name="neighbour", department=town)
    RoleGrant.objects.create(person=person, role=RoleGrant.Role.TOWN, division=town.division, department=town)
    made.world.people["neighbour"] = person


@pytest.mark.usefixtures("one_asker")
def test_nothing_of_a_firm_elsewhere_changes_an_answer_of_a_town(made: Firms) -> None:
    neighbour_town(made)
    clerk, urls = client_of(made, "neighbour"), asked()
    told(clerk, urls[:40])
    before = told(clerk, urls)
    another(made)
    after = told(clerk, urls)
    assert [url for url in urls if before[url] != after[url]] == []


def numbers_given(made: Firms, firm: Any) -> list[str]:
    """The numbers of what the rival writes next; taken back again."""
    boss = made.world.actor("rival")
    done = Done(boss, AT)
    given: list[str] = []
    with transaction.atomic():
        given.append(filings.draft(firm, What(K.TOXIC_REPORT, "2025"), by=boss, at=AT).number)
        facts = {"name": "一号池", "kind": "pool"}
        made_here = facilities.register(firm, facts, since=DAY, recording=Recording(boss, AT, "登记"))
        given.append(made_here.facility.number)
        beginning = inspections.Beginning(cause="first", on=DAY, inspector="自查")
        given.append(inspections.begin(firm, beginning, done).number)
        transaction.set_rollback(True)
    return given


def test_numbers_do_not_tell_how_much_others_file(made: Firms) -> None:
    rival = EnterpriseVersion.objects.get(name="青禾化工有限公司")
    before = numbers_given(made, rival)
    secret = another(made)["firm"].versions.get()
    facilities.register(
        secret, {"name": "池", "kind": "pool"}, since=DAY, recording=Recording(made.officer, AT, "登记")
    )
    assert numbers_given(made, rival) == before


def test_a_refusal_is_the_same_for_a_firm_that_is_hidden_and_for_none(made: Firms) -> None:
    secret, rival = another(made)["firm"], client_of(made, "rival")
    named = ["绝密甲有限公司", secret.number, secret.versions.get().credit_code]
    kind = "pool"
    answers = set()
    for text in [*named, "没有这家公司"]:
        body: dict[str, Any] = {
            "values": {"enterprise": text, "name": "池", "kind": kind},
            "why": "登记",
            "since": "2026-11-20",
        }
        answer = rival.post(reverse("exchange:rest:rows", args=["facilities"]), body, content_type="application/json")
        form = rival.post(reverse("kit:collection_add", args=["facilities"]), {**body["values"], "since": "2026-11-20"})
        answers.add(tuple(str(plainly(one)).replace(text, "") for one in (answer, form)))
    assert len(answers) == 1
    assert "422" in str(answers)

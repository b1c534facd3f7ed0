"""What a firm may not see it cannot infer: all that exists of another firm changes no answer it is given."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
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
from soildesk.core.models import FileUse
from soildesk.enterprises.models import Filing, Happening, Hazard, Inspection
from soildesk.enterprises.services import filingreview as review
from soildesk.enterprises.services import happenings, representatives
from soildesk.enterprises.services.happenings import Told
from soildesk.kit.register import collections
from soilrules.enterprises.facts import EventKind

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
K = Filing.Kind
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
    """Every page without a parameter, every register with its searches and exports, and what programs ask."""
    plain = [reverse(name) for name, kinds in addresses() if not kinds and name not in OPEN]
    found = [*plain, f"{reverse('home:search')}?q=绝密", f"{reverse('enterprises:own')}?year=2026", "/maps/find?q=绝密"]
    for name in collections():
        listed = reverse("kit:collection", args=[name])
        found += [listed, f"{listed}?q=绝密", f"{listed}?export=csv", reverse("exchange:ogc_collection", args=[name])]
        found += [reverse("exchange:ogc_items", args=[name]), reverse("exchange:ogc_queryables", args=[name])]
    return found


def plainly(answer: Any) -> tuple[int, str]:
    """An answer without what differs at every request."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body.startswith(b"PK"):  # a workbook holds the moment it was made
        sheets = load_workbook(BytesIO(body)).worksheets
        return answer.status_code, str([list(sheet.iter_rows(values_only=True)) for sheet in sheets])
    said = body.decode("utf-8", "replace")
    said = re.sub(r'(csrfmiddlewaretoken"? value="|X-CSRFToken":")[^"]*', "", said)
    return answer.status_code, re.sub(r"\d\d:\d\d(:\d\d)?(\.\d+)?|/jobs/[0-9a-f-]+", "", said)


def told(client: Client, urls: list[str]) -> dict[str, tuple[int, str]]:
    return {url: plainly(client.get(url)) for url in urls}


def test_nothing_of_another_firm_changes_an_answer(made: Firms) -> None:
    rival, urls = client_of(made, "rival"), asked()
    told(rival, urls)  # what is made at the first visit is made now
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

"""What plans name about standards, done through the pages on the example district; docs/coverage.csv points here."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from soildesk.core.models import Division, Person
from soildesk.standards.models import LocalProposal, Trial

pytestmark = pytest.mark.django_db
HEAD = {
    "标准编号": "DB9901/T 7-2026",
    "名称": "建设用地土壤污染风险筛选值（补充项目）",
    "发布机关": "云泽市示例机关",
    "文号": "云示〔2026〕7号",
    "行政区划代码": "990101",
    "补充的国家标准": "GB 36600",
    "施行日期": "2026-10-01",
    "录入人": "林岚",
}
POLLUTANTS = {"钼": "380", "锌": "9500", "氟化物": "1800", "氨氮": "950", "4-硝基苯酚": "620"}  # made up


def sign_in(name: str) -> Client:
    client = Client()
    client.force_login(Person.objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend")
    return client


def filled(template: bytes) -> io.BytesIO:
    """The template of the desk with one screening value for each pollutant."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    for line in book["标准"].iter_rows(max_col=2):
        line[1].value = HEAD.get(str(line[0].value))
    sheet = book["限值"]
    columns = {cell.value: cell.column for cell in sheet[1] if cell.value}
    fixed = {"级别": "筛选值", "用途": "第一类用地", "条款": "表1", "来源": "云示〔2026〕7号", "把握": "单一来源"}
    for number, (name, value) in enumerate(POLLUTANTS.items(), 2):
        for heading, text in {"项目": name, "限值": value, **fixed}.items():
            sheet.cell(number, columns[heading]).value = text
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    out.name = "补充项目.xlsx"
    return out


def outcomes(client: Client) -> set[str]:
    """The verdicts of a pasted table with twice each value."""
    heading = "样品\t" + "\t".join(f"{name}(mg/kg)" for name in POLLUTANTS)
    table = heading + "\nB1\t" + "\t".join(str(2 * int(value)) for value in POLLUTANTS.values())
    here = Division.objects.get(code="990101").pk
    choices = {"standard": "gb36600", "land_class": "第一类用地", "day_rule": "sampling", "level": "III"}
    form = {"text": table, "on": "2026-11-21", "division": here, **choices}
    page = client.post(reverse("standards:judge"), form)
    assert page.status_code == 302, page.content.decode()
    trial = Trial.objects.get(uid=page["Location"].rstrip("/").split("/")[-1].split("?")[0])
    return set(trial.result["zh"]["verdicts"])


def test_screening_values_for_pollutants_the_nation_does_not_list_are_held_and_judged_by(demo_home: None) -> None:
    lin, zhou = sign_in("linlan"), sign_in("zhouzheng")
    assert outcomes(lin) == {"unknown"}

    template = lin.get(reverse("standards:local_template")).content
    read = lin.post(reverse("kit:import_new", args=["standards.local"]), {"file": filled(template)})
    lin.post(read["Location"].split("?")[0] + "/accept")
    proposal = LocalProposal.objects.get()
    lin.post(reverse("standards:local_accept", args=[proposal.uid]))
    assert outcomes(lin) == {"unknown"}, "nobody accepts what he entered himself"

    zhou.post(reverse("standards:local_accept", args=[proposal.uid]))
    assert outcomes(lin) == {"exceeds_screening"}

"""The example's firms: who they are, where they stand, on which lists, what happened to each, and how they are supervised.

Told through the services people use, each act on its day; what lies ahead of today is left out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import shapely
from django.utils import timezone

from soildesk.core import clock
from soildesk.core.models import Department, Division, Person
from soildesk.core.permissions import Actor
from soildesk.core.versions import Recording
from soildesk.demo import filings, oversight, plants, wells
from soildesk.demo.people import rows
from soildesk.enterprises.models import EnterpriseVersion
from soildesk.enterprises.services import firms, happenings, lists, owing, sites
from soildesk.enterprises.services.happenings import Told
from soildesk.enterprises.services.lists import Member
from soildesk.kit import imports
from soildesk.kit.imports import Purpose
from soildesk.land.services.writing import Place
from soilrules.enterprises.facts import EventKind

OFFICER, OFFICE, CITY = "linlan", "青禾区生态环境局", "云泽市生态环境局"
SINCE = date(2015, 1, 1)
ASSESSED = date(2026, 10, 15)
YES_NO = {"是": True, "否": False, "": None}
LEVELS = {"重点管理": "key", "简化管理": "simplified", "登记管理": "registered", "": ""}
STATES = {"关闭": "closed", "搬迁": "relocated"}
CODE = "统一社会信用代码"
TITLES = {"soil_key": "%d年土壤污染重点监管单位名录", "cadmium": "%d年涉镉等重金属重点行业企业排查整治清单"}


def tell(folder: Path) -> None:
    """Load the firms of the district and their story until today."""
    by = _officer()
    department = Department.objects.get(name=OFFICE)
    place = Place(department.division, department)
    known = {row[CODE]: _firm(row, department, by) for row in rows(folder / "企业.csv")}
    _grounds(folder / "企业用地.geojson", known, place, by)
    with owing.at_once(by=by, at=clock.now()):
        _lists(rows(folder / "名录.csv"), known, place, by)
        for row in rows(folder / "事项.csv"):
            _happened(row, known, by)
        by_name = {firm.name: firm for firm in known.values()}
        plants.register(rows(folder / "设施.csv"), known)
        filings.speak(by_name)
        plants.tell(folder, by_name)
        wells.tell(folder)
        filings.tell(folder, by_name)
        oversight.tell(folder, by_name)
    _assessed(folder / "危险废物规范化评估2026年.xlsx")


def _officer() -> Actor:
    return Actor.of(Person.objects.get(username=OFFICER), clock.today())


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9)))


def _firm(row: Mapping[str, str], department: Department, by: Actor) -> EnterpriseVersion:
    town = Division.objects.get(name=row["所在乡镇"], until__isnull=True, path__startswith=department.division.path)
    facts = {
        "name": row["单位名称"], "credit_code": row[CODE], "industry": row["行业代码"], "address": row["地址"],
        "park": row["所在园区"], "permit_number": row["排污许可证编号"], "permit_level": LEVELS[row["许可管理类别"]],
        "permit_state": "valid" if row["排污许可证编号"] else "", "above_scale": YES_NO[row["规模以上"]],
        "handles_toxic": YES_NO[row["有毒有害物质"]], "discharges_cadmium": YES_NO[row["排放镉"]],
        "has_tanks": YES_NO[row["地下储罐"]], "near_sensitive": YES_NO[row["敏感区"]],
        "produces_waste": YES_NO[row["产生危险废物"]], "handles_waste": YES_NO[row["经营危险废物"]],
        "contact_name": row["联系人"], "contact_phone": row["联系电话"],
    }  # fmt: skip
    made = firms.register(facts, Place(town, department), since=SINCE, by=by, at=_at(SINCE))
    if row["停止生产"]:
        day = date.fromisoformat(row["停止生产"])
        recording = Recording(by, _at(day), "停止生产经营")
        made = firms.change(made, {"state": STATES[row["状态"]]}, since=day, recording=recording)
    return made


def _assessed(path: Path) -> None:
    """The results of the assessment of hazardous-waste management, as its own system gives them out."""
    if clock.today() >= ASSESSED:
        by = Actor.of(Person.objects.get(username=OFFICER), ASSESSED)
        purpose = Purpose(by, _at(ASSESSED))
        batch = imports.preview(imports.kind_called("waste_assessments"), path.read_bytes(), path.name, purpose)
        imports.accept(batch, purpose)


def _grounds(path: Path, known: Mapping[str, EnterpriseVersion], place: Place, by: Actor) -> None:
    for one in json.loads(path.read_text("utf-8"))["features"]:
        facts = one["properties"]
        shape = shapely.geometry.shape(one["geometry"])
        said = {"enterprise": known[facts[CODE]].enterprise, "name": facts["名称"], "geometry": shape}
        sites.register(said, place, since=SINCE, by=by, at=_at(SINCE))


def _lists(found: list[dict[str, str]], known: Mapping[str, EnterpriseVersion], place: Place, by: Actor) -> None:
    notices: dict[str, Any] = {}
    for row in found:
        day = date.fromisoformat(row["成文日期"])
        if day > by.today:
            continue
        if row["文号"] not in notices:
            facts = {
                "list_key": row["名录"], "number": row["文号"], "title": TITLES[row["名录"]] % day.year, "authority": CITY,
                "decided_on": day, "published_on": day,
            }  # fmt: skip
            notices[row["文号"]] = lists.register(facts, place, by=by, at=_at(day))
        member = Member(known[row[CODE]].enterprise, row["原因"])
        lists.enter(notices[row["文号"]], member, by=by, at=_at(day))


def _happened(row: Mapping[str, str], known: Mapping[str, EnterpriseVersion], by: Actor) -> None:
    day = date.fromisoformat(row["日期"])
    if day <= by.today:
        told = Told(EventKind(row["事项"]), day, subject=row["对象"], note=row["说明"])
        happenings.record(known[row[CODE]], told, by=by, at=_at(day))

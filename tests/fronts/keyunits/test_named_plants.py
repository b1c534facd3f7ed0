"""What plans name about the inside of plants, permits and what firms disclose, done by pages; docs/coverage.csv points here."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fronts.county import ISSUER, OTHER, here
from fronts.keyunits.story import (
    PLATING,
    add,
    add_firm,
    done,
    file_in,
    photo,
    public_page,
    review,
    text,
    treated,
    walked,
    words,
)
from fronts.monitoring_story import sign_in
from soildesk.enterprises.models import Enterprise, EnterpriseVersion, FacilityVersion, Hazard
from soildesk.kit.models import ImportBatch

pytestmark = pytest.mark.django_db


def facility(client: Client, firm: Enterprise, name: str, kind: str, **said: str) -> FacilityVersion:
    """A facility entered by the office for a firm."""
    add(client, "facilities", "2021-01-01", enterprise=firm.number, name=name, kind=kind, **said)
    return FacilityVersion.objects.get(enterprise=firm, name=name, superseded_at=None)


def put_right(client: Client, hazard: Hazard) -> None:
    """Rectified by an office, verified by another person."""
    right = {"measure": "改为双层罐并加装渗漏报警", "responsible": "池建国", "on": "2026-11-21"}
    assert treated(client, hazard, "rectify", **right).status_code == 422, "no photograph"
    done(treated(client, hazard, "rectify", **right, photos=[photo("整改后.png")]))
    assert treated(client, hazard, "verify", note="合格").status_code == 422, "who puts right does not verify"
    done(treated(sign_in(OTHER), hazard, "verify", note="现场核实，合格"))


def test_a_plating_works_late_with_its_inspection_is_reminded_until_it_has_looked(
    office: Client, plating: Enterprise, chemical: Enterprise
) -> None:
    reminders = reverse("enterprises:duty_reminders")
    assert "安岳电镀有限公司" in text(office.get(reminders, {"duty": "hazard_inspection"}))
    found = text(office.get(reverse("kit:collection", args=["enterprises"]), {"industry": "electroplating"}))
    assert "安岳电镀有限公司" in found
    letter = office.get(reverse("enterprises:duty_letters"), {"unit": str(plating.uid)})
    assert letter.content.startswith(b"PK") and "wordprocessingml" in letter["Content-Type"]
    boss = sign_in(PLATING)
    add(boss, "facilities", "2021-01-01", name="镀铬线", kind="half_open_plant")
    walked(boss, plating, "地坪破损")
    card = words(text(office.get(reverse("enterprises:duty_card", args=[plating.uid]), {"year": "2026"})))
    assert "隐患排查" in card and "2026-11-05" in card
    assert Hazard.objects.get(enterprise=plating).what == "地坪破损"


def test_leaks_at_buried_pipes_of_a_petrol_station_are_found_and_put_right(office: Client) -> None:
    station = add_firm(office, "安岳城东加油站", industry="5265")
    facility(office, station, "埋地输油管道", "pipeline", hidden="1")
    walked(office, station, "管道没有防渗套管")
    hazard = Hazard.objects.get(enterprise=station)
    listed = text(office.get(reverse("kit:collection", args=["hazards"]), {"live": "yes"}))
    assert hazard.number in listed
    put_right(office, hazard)
    hazard.refresh_from_db()
    assert (hazard.state, hazard.measure) == (Hazard.State.VERIFIED, "改为双层罐并加装渗漏报警")
    assert hazard.number not in text(office.get(reverse("kit:collection", args=["hazards"]), {"live": "yes"}))


def test_yards_of_solid_waste_are_a_ledger_with_patrols_and_what_is_found_is_put_right(office: Client) -> None:
    works = add_firm(office, "安岳水泥有限公司", industry="3011")
    yard = facility(office, works, "一号渣场", "solid_waste_store", area_name="厂区北侧")
    note = reverse("enterprises:facility_note", args=[yard.facility.uid])
    done(office.post(note, {"kind": "patrol", "on": "2026-10-08", "note": "导流沟通畅，无外溢", "by_whom": "安环"}))
    page = text(office.get(reverse("kit:record", args=["facilities", str(yard.facility.uid)])))
    assert "导流沟通畅，无外溢" in page and "2026-10-08" in page
    ledger = reverse("kit:collection", args=["facilities"])
    assert "一号渣场" in text(office.get(ledger, {"kind": "solid_waste_store"}))
    assert "一号渣场" not in text(office.get(ledger, {"kind": "pool"}))
    walked(office, works, "防雨棚破损")
    put_right(office, Hazard.objects.get(enterprise=works))
    end = reverse("enterprises:facility_end", args=[yard.facility.uid])
    done(office.post(end, {"on": "2026-11-20", "why": "已清空复垦", "reason": "已清空复垦", "note": "已清空复垦"}))
    office.get(ledger)  # what was just done is told once
    assert "一号渣场" not in text(office.get(ledger, {"kind": "solid_waste_store"}))


def test_permits_are_kept_and_compared_with_their_platform(office: Client, plating: Enterprise) -> None:
    code = EnterpriseVersion.objects.get(enterprise=plating, superseded_at=None).credit_code
    rows = [
        ("单位名称", "统一社会信用代码", "排污许可证编号", "管理类别"),
        ("安岳电镀有限公司", code, f"{code}001P", "重点管理"),
    ]
    batch = _taken(office, "enterprises.compare", rows)
    done(office.post(reverse("kit:import_accept", args=[batch.uid])))
    page = words(text(office.get(reverse("kit:record", args=["enterprises", str(plating.uid)]))))
    assert f"{code}001P" in page and "重点管理" in page
    listed = text(office.get(reverse("kit:collection", args=["enterprises"]), {"permit_level": "key"}))
    assert "安岳电镀有限公司" in listed


def _taken(office: Client, kind: str, rows: list[tuple[Any, ...]]) -> ImportBatch:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    file = io.BytesIO()
    book.save(file)
    sent = {"file": SimpleUploadedFile("平台.xlsx", file.getvalue())}
    done(office.post(reverse("kit:import_new", args=[kind]), sent))
    batch: ImportBatch = here(ImportBatch).latest("pk")
    return batch


def test_what_a_firm_discharged_is_disclosed_by_name_way_and_amount(office: Client, plating: Enterprise) -> None:
    rows = [{"name": "六价铬", "way": "water", "amount": "12.5", "outlet": "DW001"}]
    told = {"year": "2025", "none": "no", "substances": rows}
    filing = file_in(sign_in(PLATING), plating, "toxic_report", told)
    review(office, filing)
    assert public_page(plating).status_code == 404, "nothing before its release"
    review(sign_in(ISSUER), filing, "release")
    page = words(text(public_page(plating)))
    assert all(said in page for said in ("六价铬", "废水", "12.5")) and "DW001" not in page

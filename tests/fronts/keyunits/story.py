"""Key units as people deal with them, for the tests of what plans name: firms, lists, filings and visits by their pages."""

from __future__ import annotations

import base64
import io
import re
from itertools import count
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from soildesk.enterprises.models import (
    Enterprise,
    EnterpriseVersion,
    FacilityVersion,
    Filing,
    Hazard,
    Inspection,
    ListNotice,
)
from soildesk.oversight.models import Problem
from soildesk.plans.models import PlanTask
from soilrules.enterprises import credit_code

PLATING, CHEMICAL = "aydd", "ayhg"
PDF = b"%PDF-1.4\n%%EOF"
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg=="
)
_NUMBERS = count(1)


def photo(name: str = "现场.png") -> SimpleUploadedFile:
    """A photograph."""
    return SimpleUploadedFile(name, PICTURE, "image/png")


def paper(name: str = "报告.pdf") -> SimpleUploadedFile:
    """A document."""
    return SimpleUploadedFile(name, PDF, "application/pdf")


def text(answer: Any) -> str:
    """What a page says."""
    said: str = answer.content.decode()
    return said


def words(page: str) -> str:
    """What the main part of a page says, without its marks."""
    return " ".join(re.sub(r"<[^>]*>", " ", page.partition("<main")[2].partition("</main")[0]).split())


def done(answer: Any) -> Any:
    """An act that was carried out; what was refused is told."""
    assert answer.status_code == 302, words(text(answer))
    return answer


def new_code() -> str:
    """A valid credit code of the county that no firm has."""
    body = f"MA{next(_NUMBERS):06d}"
    first = f"91512021{body}{credit_code.body_digit(body)}"
    return first + credit_code.check_digit(first)


def add(client: Client, collection: str, since: str = "", **said: Any) -> Any:
    """Add a record to a register by its form; `since` where the register keeps versions."""
    url = reverse("kit:collection_add", args=[collection])
    names = [box.name for box in client.get(url).context["form"]]
    day, why = (next((name for name in names if word in name), "") for word in ("_since", "_why"))
    sent = {**said, **({day: since} if since else {}), why: "据实登记", "step": "save"}
    return done(client.post(url, {name: value for name, value in sent.items() if name}))


def add_firm(client: Client, name: str, *, since: str = "2020-01-01", **said: Any) -> Enterprise:
    """Register a firm in production."""
    facts = {"credit_code": new_code(), "name": name, "state": "operating", "industry": "3360", **said}
    add(client, "enterprises", since, **facts)
    return EnterpriseVersion.objects.get(name=name, superseded_at=None).enterprise


def add_notice(client: Client, key: str, on: str, published: str = "", **said: str) -> ListNotice:
    """Register the notice of a list that counts from a day."""
    facts = {
        "list_key": key, "number": f"资环〔{on[:4]}〕{next(_NUMBERS)}号", "title": f"{on[:4]}年名录", "authority": "资阳市环境保护局",
        "decided_on": on, "published_on": published, "whole": "0", **said,
    }  # fmt: skip
    add(client, "list_notices", **facts)
    return ListNotice.objects.latest("pk")


def enter(client: Client, firm: Enterprise, notice: ListNotice, **said: str) -> None:
    """Put a firm on a list by its notice."""
    url = reverse("enterprises:enter", args=[firm.uid])
    done(client.post(url, {"notice": str(notice.uid), "reason": "照文件", **said}))


def list_page(client: Client, key: str, on: str = "") -> str:
    """A list as it was on a day."""
    return text(client.get(reverse("enterprises:list", args=[key]), {"on": on} if on else {}))


def happened(client: Client, firm: Enterprise, kind: str, on: str, subject: str = "", period: str = "") -> None:
    """Write a dated fact of a firm down."""
    url = reverse("enterprises:happening_add", args=[firm.uid])
    done(client.post(url, {"kind": kind, "on": on, "subject": subject, "period": period}))


def duty(client: Client, key: str, year: str = "") -> str:
    """The page of one duty with all firms that owe it."""
    return text(client.get(reverse("enterprises:duty", args=[key]), {"year": year} if year else {}))


def file_in(client: Client, firm: Enterprise, kind: str, entries: dict[str, Any], subject: str = "") -> Filing:
    """File something as the firm: drafted, filled in with its document, sent. A table is a list of rows."""
    new = reverse("enterprises:filing_new", args=[firm.uid])
    page = done(client.post(new, {"kind": kind, "period": "2026", "subject": subject}))
    flat: dict[str, Any] = {}
    for name, value in entries.items():
        rows = value if isinstance(value, list) else []
        flat |= {f"{name}-{at}-{key}": said for at, row in enumerate(rows, 1) for key, said in row.items()}
        flat |= {f"{name}-rows": str(len(rows))} if rows else {name: value}
    sent = done(client.post(page["Location"], {**flat, "step": "submit", "file": paper()}))
    if sent["Location"].endswith("submit"):
        done(client.post(sent["Location"], {}))
    filing = Filing.objects.get(enterprise=firm, kind=kind, subject=subject)
    assert filing.state == Filing.State.SUBMITTED
    return filing


def review(client: Client, filing: Filing, name: str = "accept", **said: str) -> None:
    """An act of an office on a filing."""
    done(client.post(reverse(f"enterprises:filing_{name}", args=[filing.uid]), {"note": "", **said}))


def public_page(firm: Enterprise) -> Any:
    """What everybody reads of a firm."""
    return Client().get(reverse("enterprises:firm_public", args=["512021", firm.uid]))


def visit(client: Client, firm: Enterprise, plan: str = "", *problems: dict[str, str]) -> None:
    """A visit on the spot with what it found."""
    url = reverse("oversight:visit_firm", args=[firm.uid]) + (f"?plan={plan}" if plan else "")
    sent = {
        "found": "problems" if problems else "nothing", "on": "2026-11-20", "inspectors": "安环、安审", "note": "",
        "problem-TOTAL_FORMS": str(len(problems)), "problem-INITIAL_FORMS": "0", "photo-site": photo(),
    }  # fmt: skip
    for at, one in enumerate(problems):
        sent |= {f"problem-{at}-{name}": value for name, value in one.items()}
    done(client.post(url, sent))


def treat(client: Client, problem: Problem, name: str, **said: Any) -> Any:
    """An act on a problem of the list."""
    return client.post(reverse("oversight:problem_act", args=[problem.uid, name]), {"note": "", **said})


def asked(client: Client, task: PlanTask, measure: str) -> str:
    """What the measures page says of a task after a measure was bound to it there."""
    done(client.post(f"/plans/tasks/{task.uid}/bind/", {"measure": measure}))
    return told(client, task)


def told(client: Client, task: PlanTask) -> str:
    """What the measures page says of a task now."""
    page = text(client.get(f"/plans/{task.plan.uid}/measures/"))
    start = page.index(f"/plans/tasks/{task.uid}/")
    return " ".join(re.sub(r"<[^>]*>", " ", page[start : page.index("</tr>", start)]).split())


def listed(office: Client, name: str, person: str) -> Enterprise:
    """A firm on the list of key units since 2025, with somebody who files for it."""
    firm = add_firm(office, name, near_sensitive="0")
    enter(office, firm, add_notice(office, "soil_key", "2025-03-20", "2025-03-25"))
    done(office.post(reverse("enterprises:represent", args=[firm.uid]), {"person": person, "since": "2025-04-01"}))
    return firm


def walked(boss: Client, firm: Enterprise, *hazards: str) -> Inspection:
    """An inspection of the only facility of a firm from beginning to end: its first items are hazards, the others fine."""
    url = reverse("enterprises:inspection_new")
    done(boss.post(url, {"firm": str(firm.uid), "cause": "regular", "on": "2026-11-02", "inspector": ""}))
    made = Inspection.objects.latest("pk")
    facility = FacilityVersion.objects.get(enterprise=firm, superseded_at=None).facility
    sheet = reverse("enterprises:inspection_sheet", args=[made.uid, facility.uid])
    keys = [row["key"] for _aspect, rows in boss.get(sheet).context["aspects"] for row in rows]
    said: dict[str, Any] = {f"answer-{key}": "fine" for key in keys}
    for key, what in zip(keys, hazards, strict=False):
        said |= {
            f"answer-{key}": "hazard",
            f"note-{key}": what,
            f"suggestion-{key}": "修补",
            f"due-{key}": "2026-12-20",
        }
        said[f"photo-{key}"] = photo("整改前.png")
    done(boss.post(sheet, said))
    done(boss.post(reverse("enterprises:inspection_finish", args=[made.uid]), {"on": "2026-11-05", "left_out": ""}))
    return made


def treated(client: Client, hazard: Hazard, name: str, **said: Any) -> Any:
    """An act on a hazard."""
    return client.post(reverse("enterprises:hazard_act", args=[hazard.uid, name]), {"note": "", **said})


def rows_of(answer: Any) -> list[str]:
    """The rows of a workbook."""
    sheet: Any = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    return ["|".join(str(cell.value) for cell in row) for row in sheet.iter_rows()]

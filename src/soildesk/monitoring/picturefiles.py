"""The data behind a picture as a file: exactly the rows of its table; graded results are asked for first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.kit import sheets
from soildesk.kit.downloads import download, streamed
from soildesk.monitoring.drawings.figure import Figure
from soildesk.monitoring.models import Grade, Result
from soildesk.monitoring.queries.results import grades

KINDS = (("xlsx", "Excel"), ("csv", "CSV"))


@dataclass(frozen=True, slots=True)
class Behind:
    """The results a picture was drawn from, and the selection of the list of results that holds them."""

    rows: QuerySet[Result]
    query: Mapping[str, str]
    note: str = ""


def is_graded(rows: QuerySet[Result]) -> bool:
    """Whether some of the results leave the house with an approval only."""
    return not set(grades(rows)) <= {Grade.PUBLIC.value}


def links(request: HttpRequest) -> list[tuple[str, str]]:
    """Title and address of each kind of file of the page."""
    return [(title, f"?{_with(request, kind)}") for kind, title in KINDS]


def _with(request: HttpRequest, kind: str) -> str:
    params = request.GET.copy()
    params["data"] = kind
    return params.urlencode()


def file(figure: Figure, behind: Behind, kind: str) -> HttpResponseBase:
    """The table of a figure as a file, or the way to the page where it is asked for."""
    if kind not in dict(KINDS):
        raise Http404(kind)
    if is_graded(behind.rows):
        query = urlencode(behind.query)
        return redirect(f"{reverse('monitoring:export_new')}?{urlencode({'query': query})}")
    if kind == "csv":
        return streamed(sheets.csv_lines(figure.head, figure.rows), figure.title)
    return download(_xlsx(figure, behind.note), figure.title, kind)


def _xlsx(figure: Figure, note: str) -> bytes:
    columns = [sheets.SheetColumn(title, 18) for title in figure.head]
    rows: list[list[Any]] = [list(row) for row in figure.rows]
    out = BytesIO()
    sheets.write_xlsx([sheets.Sheet(_("数据"), columns, rows, title=figure.title, note=note)], out)
    return out.getvalue()

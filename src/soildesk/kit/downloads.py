"""Answers that are files to keep."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from django.http import HttpResponse, StreamingHttpResponse

from soildesk.core.files import KINDS


def attachment(name: str, ending: str) -> str:
    """A Content-Disposition header for a file with a Chinese name."""
    return f"attachment; filename=\"export.{ending}\"; filename*=UTF-8''{quote(f'{name}.{ending}')}"


def download(data: bytes, name: str, ending: str) -> HttpResponse:
    """A file to keep, called `name`; what it is follows from its ending, one of those of `core.files`."""
    headers = {"Content-Disposition": attachment(name, ending)}
    return HttpResponse(data, content_type=KINDS[ending][1], headers=headers)


def streamed(lines: Iterable[str], name: str) -> StreamingHttpResponse:
    """A CSV sent while it is made."""
    headers = {"Content-Disposition": attachment(name, "csv")}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)

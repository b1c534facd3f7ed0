"""What a posted form says of a file of results."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from soildesk.core import files
from soildesk.core.permissions import Actor
from soildesk.monitoring.models import Batch
from soildesk.monitoring.services import sending
from soildesk.monitoring.services.intake import Sent

if TYPE_CHECKING:
    from soildesk.core.models import Job


def send(said: dict[str, Any], actor: Actor) -> tuple[Batch, Job | None]:
    """Send what a form says; the file stands in a folder of its own meanwhile."""
    with tempfile.TemporaryDirectory(prefix="sent") as folder:
        return sending.send(said["campaign"], _sent(said, Path(folder)), by=actor)


def _sent(said: dict[str, Any], folder: Path) -> Sent:
    upload: UploadedFile = said["file"]
    name = files.clean_name(upload.name or "results.csv")
    path = folder / "upload"
    with path.open("wb") as out:
        for chunk in upload.chunks():
            out.write(chunk)
    report: UploadedFile | None = said.get("report")
    return Sent(
        path, name, no_secrets=said["no_secrets"], laboratory=said["laboratory"], cma=said["cma"],
        report_number=said["report_number"], reported_on=said["reported_on"],
        report=(files.clean_name(report.name or "report.pdf"), report.read()) if report else None,
    )  # fmt: skip


def on_the_way(row: Job) -> HttpResponse:
    """To the page of a job."""
    return redirect("core:job", uid=row.uid)


def posted(request: HttpRequest) -> dict[str, Any]:
    """What a form was given."""
    return {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}

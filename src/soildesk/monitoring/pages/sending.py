"""A file that was posted becomes a batch: read at once where it is small, by a job where it is large."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from soildesk.core import clock, files, jobs
from soildesk.core.permissions import Actor
from soildesk.monitoring.models import Batch
from soildesk.monitoring.services import intake

READ_AT_ONCE = 2 * 1024 * 1024
"""Bytes of a file that is read while its sender waits."""


def sent_of(said: dict[str, Any], folder: Path) -> intake.Sent:
    """What a form says, with its file laid into a folder."""
    upload: UploadedFile = said["file"]
    name = files.clean_name(upload.name or "results.csv")
    path = folder / "upload"
    with path.open("wb") as out:
        for chunk in upload.chunks():
            out.write(chunk)
    report: UploadedFile | None = said.get("report")
    return intake.Sent(
        path, name, no_secrets=said["no_secrets"], laboratory=said["laboratory"], cma=said["cma"],
        report_number=said["report_number"], reported_on=said["reported_on"],
        report=(files.clean_name(report.name or "report.pdf"), report.read()) if report else None,
    )  # fmt: skip


def send(said: dict[str, Any], actor: Actor) -> tuple[Batch, jobs.Job | None]:
    """The batch of a posted file, and the job that reads it where it is not read already."""
    campaign = intake.campaign_for(actor, said["campaign"])
    with tempfile.TemporaryDirectory(prefix="sent") as folder:
        sent = sent_of(said, Path(folder))
        batch = intake.begin(campaign, sent, by=actor, at=clock.now())
        if batch.state != Batch.State.LOADING:
            return batch, None
        if sent.path.stat().st_size <= READ_AT_ONCE:
            return intake.take_in(batch, by=actor), None
    return batch, by_job(batch, actor)


def by_job(batch: Batch, actor: Actor) -> jobs.Job:
    """A job that reads a batch."""
    intake.let_go(batch)
    title = _("读入检测数据“%(name)s”") % {"name": batch.file_name}
    row = jobs.start("monitoring.read_batch", {"batch": str(batch.uid)}, by=actor, title=title)
    Batch.objects.filter(pk=batch.pk).update(job=row.uid)
    return row


def on_the_way(row: jobs.Job) -> HttpResponse:
    """To the page of a job."""
    return redirect("core:job", uid=row.uid)


def posted(request: HttpRequest) -> dict[str, Any]:
    """What a form was given."""
    return {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}

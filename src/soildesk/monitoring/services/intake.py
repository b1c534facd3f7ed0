"""A laboratory's file comes in for a campaign: kept, read and checked, all of it or nothing, seen by nobody until accepted."""

from __future__ import annotations

import errno
import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import DatabaseError, IntegrityError, OperationalError, transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, clock, files, jobs
from soildesk.core.errors import Refusal
from soildesk.core.models import FileUse
from soildesk.core.numbers import next_number
from soildesk.core.permissions import Actor, require
from soildesk.monitoring import comparing, loading, plausible, quality, reading, sampled
from soildesk.monitoring.models import Batch, BatchFinding, Campaign, QualitySample, Result
from soildesk.monitoring.reading import Ask, Found, Step

ORPHANED_AFTER = timedelta(hours=1)
"""Without a sign of life for so long a batch is given up; before, the same file goes on where it stopped."""
MOST_SIGNS = 2_000
DATA, REPORT = "data", "report"


class IntakeRefused(Refusal):
    """A file is not taken in.

    Codes: monitoring.batch.no_campaign, .not_running, .secrets, .being_read, .decided, .given_up, .report.
    """

    code = "monitoring.batch.refused"


@dataclass(frozen=True)
class Sent:
    """A file as it is sent, with what the sender says beside it.

    `kept`: also where it is too large to be kept as an attachment (a command on this computer), it stands at `path`.
    """

    path: Path
    name: str
    no_secrets: bool
    laboratory: str = ""
    cma: str = ""
    report_number: str = ""
    reported_on: date | None = None
    report: tuple[str, bytes] | None = None  # the bound report: name and bytes
    by_command: bool = False
    digest: str = field(default="")

    @property
    def sha256(self) -> str:
        """The hash of the file's bytes."""
        if self.digest:
            return self.digest
        with self.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()

    def limits(self) -> Any:
        """What its reading may cost."""
        return reading.command_limits(self.path) if self.by_command else reading.page_limits(self.path)


def campaign_for(by: Actor, number: str) -> Campaign:
    """The campaign of a number that takes files from this actor; whether others exist is not told."""
    found = Campaign.objects.filter(number=number.strip()).first()
    if found is None or not _may_send(by, found):
        raise IntakeRefused(
            _("没有编号为“%(number)s”、由您报送数据的监测任务：请向任务组织单位核对编号。") % {"number": number[:40]},
            code="monitoring.batch.no_campaign",
        )
    if found.state != Campaign.State.RUNNING:
        raise IntakeRefused(
            _("监测任务“%(title)s”现在是“%(state)s”，不收检测数据：任务实施中才能报送。")
            % {"title": found.title, "state": found.get_state_display()},
            code="monitoring.batch.not_running",
        )
    return found


def _may_send(by: Actor, campaign: Campaign) -> bool:
    from soildesk.core.permissions import may

    return may(by, "monitoring.send_results", campaign)


def begin(campaign: Campaign, sent: Sent, *, by: Actor, at: datetime) -> Batch:
    """The batch a file is read into: that of a reading that broke off, or a new one; or the first, where it came before.

    A reading that another process is at is refused.
    """
    require(by, "monitoring.send_results", campaign)
    if not sent.no_secrets:
        raise IntakeRefused(
            _("请先确认文件中没有标为涉密的内容：涉密数据不得进入本系统。"), code="monitoring.batch.secrets"
        )
    digest = sent.sha256
    former = _former(campaign, digest, by)
    if former is not None:
        return former if former.state != Batch.State.LOADING else adopted(former)
    try:
        return _made(campaign, sent, digest, (by, at))
    except IntegrityError:  # two at once with the same file: the other came first
        former = _former(campaign, digest, by)
        if former is None:
            raise
        return former if former.state != Batch.State.LOADING else adopted(former)


def _former(campaign: Campaign, digest: str, by: Actor) -> Batch | None:
    """The batch of the same file that stands, as far as this actor sees it."""
    rows = Batch.objects.visible_to(by).filter(campaign=campaign, sha256=digest)
    return rows.exclude(state=Batch.State.RETURNED).order_by("at").first()


def _made(campaign: Campaign, sent: Sent, digest: str, said: tuple[Actor, datetime]) -> Batch:
    by, at = said
    data = sent.path.read_bytes() if sent.path.stat().st_size <= files.LARGEST else b""
    if not data and not sent.by_command:
        raise reading.too_large(sent.name, sent.path.stat().st_size, reading.PAGE_FILE_MB)
    with _disk(), transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        batch = Batch.objects.create(
            campaign=campaign, number=_number(campaign, clock.local_day(at)), division_path=campaign.division_path,
            owner_department_id=campaign.owner_department_id, laboratory=sent.laboratory.strip()[:120],
            cma=sent.cma.strip()[:40], report_number=sent.report_number.strip()[:80], reported_on=sent.reported_on,
            file_name=files.clean_name(sent.name), sha256=digest, seed=secrets.randbelow(2**31), no_secrets=True,
            worker=jobs.worker_name(), heartbeat_at=at, by=by.person, at=at,
        )  # fmt: skip
        if data:
            files.attach(batch, data=data, name=sent.name, kind=DATA, by=by, at=at)
        if sent.report:
            bind(batch, sent.report, by=by, at=at)
        audit.record(
            "monitoring.batch.sent", subject=batch, by=by, at=at,
            data={"number": batch.number, "campaign": campaign.number, "file": digest, "report": batch.report_sha256},
        )  # fmt: skip
    return batch


def _number(campaign: Campaign, day: date) -> str:
    place = campaign.division_path.rstrip("/").rpartition("/")[2]
    running = next_number(campaign.owner_department, "monitoring.batch", day.year)
    return f"PC-{place}-{day.year}-{running:04d}"


def bind(batch: Batch, report: tuple[str, bytes], *, by: Actor, at: datetime) -> None:
    """Bind the report to the data by its hash. Part of an act: the caller has asked for the permission."""
    name, data = report
    if files.sniff(data) != "pdf":
        raise IntakeRefused(
            _("“%(name)s”不是 PDF：请上传盖章的检测报告。") % {"name": name}, code="monitoring.batch.report"
        )
    files.attach(batch, data=data, name=name, kind=REPORT, by=by, at=at)
    batch.report_sha256 = hashlib.sha256(data).hexdigest()
    batch.save(update_fields=["report_sha256"])


def adopted(batch: Batch) -> Batch:
    """A reading that broke off, taken over by this process."""
    mine = jobs.worker_name()
    if batch.worker and batch.worker != mine and not jobs.is_gone(batch.worker, batch.heartbeat_at):
        raise IntakeRefused(
            _("文件“%(name)s”正在读入，已读 %(rows)d 个结果：请等它读完。")
            % {"name": batch.file_name, "rows": batch.rows},
            code="monitoring.batch.being_read",
        )
    taken = Batch.objects.filter(pk=batch.pk, worker=batch.worker, state=Batch.State.LOADING).update(
        worker=mine, heartbeat_at=clock.now()
    )
    if not taken:
        raise IntakeRefused(_("这个文件刚由另一进程接手读入：请稍后查看检测批次。"), code="monitoring.batch.being_read")
    batch.refresh_from_db()
    return batch


def kept_file(batch: Batch) -> Path | None:
    """Where the data file of a batch stands; None where it was too large to be kept."""
    use = files.uses_of(batch).filter(kind=DATA).first()
    return files.stored_path(use.attachment.sha256) if use else None


def take_in(batch: Batch, sent: Sent | None = None, *, by: Actor, step: Step = lambda done: None) -> Batch:
    """Read the whole file into the batch, from where it stands; what cannot be read whole leaves nothing behind.

    Where only the disk is full, what is there stays, and the same file goes on later.
    """
    path = sent.path if sent else kept_file(batch)
    if path is None:
        raise IntakeRefused(_("这一批的文件没有保存：请重新报送。"), code="monitoring.batch.given_up")
    limits = sent.limits() if sent else reading.page_limits(path)
    samples = sampled.samples_of(batch.campaign)
    ask = Ask(clock.local_day(batch.at), list(samples))
    try:
        with _disk(), reading.read(path, batch.file_name, ask, limits, lambda done: step(batch.rows)) as found:
            _load(batch, found, samples, step)
    except reading.NoSpace:
        let_go(batch)
        raise
    except loading.Taken:
        raise IntakeRefused(
            _("这一批已由另一进程接手或被放弃：请查看检测批次。"), code="monitoring.batch.given_up"
        ) from None
    except BaseException:
        drop(batch)
        raise
    return _checked(batch, by)


def _load(batch: Batch, found: Found, samples: Any, step: Step) -> None:
    """Results, findings, quality control: in short transactions, the last of which makes the batch checked."""
    load = loading.Loading(batch, samples)
    load.all(found, step)
    more = [*comparing.with_field(load), *comparing.with_tasks(load), *comparing.with_accepted(batch)]
    more += list(islice(plausible.findings(batch, found, samples), MOST_SIGNS))
    loading.write_findings(batch, [*found.findings, *more], step)
    loading.remove(QualitySample.objects.filter(batch=batch))
    quality.keep(batch, found.told["quality"], samples)
    batch.quality = quality.verdicts(batch)
    batch.drawn = loading.drawn(found, batch.seed, found.told["rows"])
    batch.understood = _understood(load, found)
    batch.samples = len(load.seen)
    batch.errors = found.told["errors"] + sum(one["severity"] == "error" for one in more)
    batch.warnings = found.told["warnings"] + sum(one["severity"] == "warning" for one in more)
    _fill(batch, found.told["beside"])


def _understood(load: loading.Loading, found: Found) -> dict[str, Any]:
    summary, known = found.told["summary"], load.samples
    return {
        "summary": summary, "headings": found.told["headings"], "beside": found.told["beside"],
        "matched": sum(name in known for name in load.seen),
        "orphans": sorted(name for name in load.seen if name not in known)[:500],
        "missing": comparing.missing(load)[:500], "tasks": sum(not one.dropped for one in known.values()),
    }  # fmt: skip


def _fill(batch: Batch, beside: dict[str, list[str]]) -> None:
    """What the sender left open and the file says once."""

    def only(name: str) -> str:
        return beside[name][0] if len(beside.get(name, ())) == 1 else ""

    batch.laboratory = batch.laboratory or only("laboratory")[:120]
    batch.cma = batch.cma or only("cma")[:40]
    batch.report_number = batch.report_number or only("report")[:80]
    batch.reported_on = batch.reported_on or (date.fromisoformat(only("reported")) if only("reported") else None)


WRITTEN = (
    "quality", "drawn", "understood", "samples", "errors", "warnings", "laboratory", "cma", "report_number",
    "reported_on", "state", "worker",
)  # fmt: skip


def _checked(batch: Batch, by: Actor) -> Batch:
    """The one act that makes a read file a checked batch."""
    with transaction.atomic():
        held = Batch.objects.select_for_update().get(pk=batch.pk)
        if held.state != Batch.State.LOADING or held.worker != jobs.worker_name():
            raise IntakeRefused(_("这一批已由另一进程办理：请查看检测批次。"), code="monitoring.batch.given_up")
        batch.state, batch.worker = Batch.State.CHECKED, ""
        batch.save(update_fields=WRITTEN)
        audit.record(
            "monitoring.batch.checked", subject=batch, by=by, at=clock.now(),
            data={
                "number": batch.number, "file": batch.sha256, "rows": batch.rows, "errors": batch.errors,
                "warnings": batch.warnings,
            },
        )  # fmt: skip
    return batch


def give_up(batch: Batch, *, by: Actor, at: datetime) -> None:
    """Take back a file that is still being read, or whose reading broke off."""
    require(by, "monitoring.send_results", batch)
    with transaction.atomic():
        held = Batch.objects.select_for_update().get(pk=batch.pk)
        if held.state != Batch.State.LOADING:
            raise IntakeRefused(
                _("%(number)s 现在是“%(state)s”，不能放弃：请审核接收或退回。")
                % {"number": held.number, "state": held.get_state_display()},
                code="monitoring.batch.decided",
            )
        Batch.objects.filter(pk=held.pk).update(worker="", heartbeat_at=None)
        audit.record("monitoring.batch.given_up", subject=held, by=by, at=at, data={"number": held.number})
    drop(held)


def drop_orphans(now: datetime | None = None) -> int:
    """Take away batches whose reading never ended, and what a returned one still holds; how many were deleted."""
    limit = (now or clock.now()) - ORPHANED_AFTER
    found = 0
    for batch in Batch.objects.filter(state=Batch.State.LOADING):
        silent = batch.heartbeat_at is None or batch.heartbeat_at < limit
        if silent and (not batch.worker or jobs.is_gone(batch.worker, batch.heartbeat_at)):
            drop(batch)
            found += 1
    for batch in Batch.objects.filter(state=Batch.State.RETURNED, results__isnull=False).distinct():
        loading.remove(batch.results.all())
    return found


def drop(batch: Batch) -> None:
    """Take a batch away that was never checked: its rows in short transactions, then its files and itself."""
    try:
        # should this process die meanwhile, the next one begins anew and not among what is left
        Batch.objects.filter(pk=batch.pk, state=Batch.State.LOADING).update(worker=jobs.worker_name(), rows=0)
        for rows in (Result, BatchFinding, QualitySample):
            loading.remove(rows._base_manager.filter(batch=batch))
        with transaction.atomic():
            FileUse.objects.filter(subject_type=Batch._meta.label_lower, subject_id=batch.pk).delete()
            Batch.objects.filter(pk=batch.pk, state=Batch.State.LOADING).delete()
    except DatabaseError:  # a full disk cannot even delete: the housekeeper comes back to it
        let_go(batch)


def let_go(batch: Batch) -> None:
    """Nobody is at the batch any more."""
    try:
        Batch.objects.filter(pk=batch.pk, state=Batch.State.LOADING).update(worker="")
    except DatabaseError:
        return  # its process is gone soon, which says the same


@contextmanager
def _disk() -> Iterator[None]:
    """Say in words where the disk is full."""
    try:
        yield
    except OSError as error:
        if error.errno in reading.NO_SPACE or error.errno == errno.EFBIG:
            raise reading.no_space() from error
        raise
    except OperationalError as error:
        if "is full" in str(error) or "No space left" in str(error):
            raise reading.no_space() from error
        raise

"""Long work in the background: a function registered as a job, our own row for progress, cancel, log and result.

    @job("plans.export", title=_("导出台账"), permission="plans.read")
    def export(progress: Progress, actor: Actor, *, plan: str) -> Output: ...

    jobs.start("plans.export", {"plan": str(plan.uid)}, by=actor, title="导出台账：…")

Rooms declare their jobs in `tasks.py`. The queue is django-tasks-db; a worker (`soildesk worker`) takes from it.
Rights are asked for again when the job runs: the actor is made anew that day.
"""

from __future__ import annotations

import logging
import os
import socket
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tasks import task

from soildesk.core import clock, files
from soildesk.core.errors import Refusal
from soildesk.core.models import Job, Message, RoleGrant
from soildesk.core.permissions import Actor, NotAllowed, register, require

DEAD_AFTER = timedelta(minutes=15)
"""A running job of another machine without a sign of life for so long is taken for dead."""
WRITE_EVERY = 0.5
"""Seconds between two writes of progress."""
LOG_LENGTH = 20_000
log = logging.getLogger(__name__)

register("core.manage_jobs", gettext_lazy("管理他人的后台作业"), {RoleGrant.Role.ADMIN})


class Cancelled(Exception):
    """The owner asked to stop; raised inside the job's function at its next step."""


class JobRefused(Refusal):
    """The job cannot be started or stopped."""

    code = "core.job.refused"


@dataclass(frozen=True)
class Output:
    """What a job gives back: a small JSON result and, where it makes one, a file (name and bytes).

    `result["shown_at"]` is the address of the page that shows what came of it; the page of the job leads there.
    """

    result: dict[str, Any] = field(default_factory=dict)
    file: tuple[str, bytes] | None = None


Function = Callable[..., Output | dict[str, Any] | None]


@dataclass(frozen=True)
class Kind:
    """One registered kind of job."""

    name: str
    title: str | Promise
    function: Function
    permission: str
    broke_off: Callable[..., object] | None = None


_kinds: dict[str, Kind] = {}


def job(
    name: str, *, title: str | Promise, permission: str = "", broke_off: Callable[..., object] | None = None
) -> Callable[[Function], Function]:
    """Register a function as a job; `permission` is required of its owner at start and again when it runs.

    `broke_off` is called with the job's arguments where it ends without being done, also one that never began.
    """

    def declare(function: Function) -> Function:
        _kinds[name] = Kind(name, title, function, permission, broke_off)
        return function

    return declare


def kinds() -> dict[str, Kind]:
    """All registered kinds."""
    return dict(_kinds)


class Progress:
    """Given to the job's function: says how far it is, hears a cancel, keeps the log."""

    def __init__(self, row: Job) -> None:
        self._row = row
        self._written = 0.0

    def step(self, done: int, total: int | None = None, doing: str = "") -> None:
        """Say how far the work is; raises `Cancelled` where the owner asked to stop. Call it outside transactions."""
        row = self._row
        row.done, row.total, row.doing = done, total if total is not None else row.total, doing or row.doing
        moment = time.monotonic()
        if moment - self._written < WRITE_EVERY and done != row.total:
            return
        self._written = moment
        Job.objects.filter(pk=row.pk).update(
            done=row.done, total=row.total, doing=row.doing[:200], heartbeat_at=clock.now(), log=row.log
        )
        if Job.objects.filter(pk=row.pk, cancel_asked_at__isnull=False).exists():
            raise Cancelled

    def note(self, line: str) -> None:
        """Add a line to the log; written with the next step."""
        self._row.log = f"{self._row.log}{clock.now():%H:%M:%S} {line}\n"[-LOG_LENGTH:]


def start(kind: str, arguments: dict[str, Any] | None = None, *, by: Actor, title: str = "") -> Job:
    """Put a job into the queue once the present transaction is committed."""
    entry = _kinds.get(kind)
    if entry is None:
        raise LookupError(f"job {kind!r} is not registered: declare it in its room's tasks.py.")
    if by is None or by.person is None:
        raise NotAllowed(_("后台作业须由登录的人员发起。"))
    if entry.permission:
        require(by, entry.permission)
    row = Job.objects.create(
        kind=kind, title=(title or str(entry.title))[:200], arguments=arguments or {}, owner=by.person
    )
    transaction.on_commit(lambda: run_queued.enqueue(str(row.uid)))
    return row


@task()
def run_queued(uid: str) -> None:
    """What the worker calls."""
    run(Job.objects.select_related("owner").get(uid=uid))


def run(row: Job) -> Job:
    """Run a waiting job here and now; a job somebody else has taken is left alone."""
    moment = clock.now()
    mine = Job.objects.filter(pk=row.pk, state=Job.State.WAITING).update(
        state=Job.State.RUNNING, started_at=moment, heartbeat_at=moment, worker=worker_name()
    )
    row.refresh_from_db()
    if not mine:
        return row
    with translation.override(row.owner.language):
        _run(row)
    row.refresh_from_db()
    return row


def _run(row: Job) -> None:
    try:
        output = _call(row)
    except Cancelled:
        _end(row, Job.State.CANCELLED, _("已取消：%(title)s") % {"title": row.title})
    except (Refusal, NotAllowed) as refusal:
        _end(row, Job.State.FAILED, str(refusal))
    except Exception:
        # Whatever goes wrong in a job ends the job, not the worker; the traceback goes to the log.
        log.exception("job %s (%s) failed", row.uid, row.kind)
        row.log = (row.log + traceback.format_exc())[-LOG_LENGTH:]
        _end(
            row,
            Job.State.FAILED,
            _("“%(title)s”因程序错误中断，没有结果。请把作业编号 %(uid)s 告诉系统管理员。")
            % {"title": row.title, "uid": row.uid},
        )
    else:
        _finish(row, output)


def _call(row: Job) -> Output:
    entry = _kinds.get(row.kind)
    if entry is None:
        raise JobRefused(_("本系统没有“%(kind)s”这种作业：程序版本与队列不一致。") % {"kind": row.kind})
    actor = Actor.of(row.owner, clock.today())
    if entry.permission:
        require(actor, entry.permission)
    given = entry.function(Progress(row), actor, **row.arguments)
    return given if isinstance(given, Output) else Output(given or {})


def _finish(row: Job, output: Output) -> None:
    if output.file:
        name, data = output.file
        actor = Actor.of(row.owner, clock.today())
        row.result_file = files.attach(row, data=data, name=name, kind="result", by=actor, at=clock.now())
    row.result = output.result
    row.done = row.total or row.done
    _end(row, Job.State.DONE, _("已完成：%(title)s") % {"title": row.title})


def _end(row: Job, state: Job.State, sentence: str) -> None:
    """Close the row, unless it was declared dead meanwhile, and leave its owner a message."""
    row.state, row.ended_at, row.doing = state, clock.now(), sentence[:200]
    with transaction.atomic():
        closed = Job.objects.filter(pk=row.pk, state=Job.State.RUNNING).update(
            state=state,
            ended_at=row.ended_at,
            doing=row.doing,
            log=row.log,
            result=row.result,
            done=row.done,
            total=row.total,
            result_file=row.result_file,
        )
        if closed:
            tell(row, sentence)
            if state != Job.State.DONE:
                _broke_off(row)


def _broke_off(row: Job) -> None:
    """Let the room mark what this job was to make as not made."""
    entry = _kinds.get(row.kind)
    if entry is not None and entry.broke_off is not None:
        entry.broke_off(**row.arguments)


def tell(row: Job, sentence: str) -> None:
    """A message to the owner with the way to the job."""
    Message.objects.create(person=row.owner, text=sentence[:300], link=reverse("core:job", args=[row.uid]))


def cancel(row: Job, *, by: Actor) -> Job:
    """Ask a job to stop: a waiting one stops at once, a running one at its next step."""
    if by.person is None or by.person.pk != row.owner_id:
        require(by, "core.manage_jobs", row.owner)
    row.refresh_from_db()
    if not row.is_open:
        raise JobRefused(
            _("“%(title)s”已经结束（%(state)s），无需取消。") % {"title": row.title, "state": row.get_state_display()},
            code="core.job.ended",
        )
    moment = clock.now()
    with transaction.atomic():
        stopped = Job.objects.filter(pk=row.pk, state=Job.State.WAITING).update(
            state=Job.State.CANCELLED, ended_at=moment, cancel_asked_at=moment
        )
        if stopped:
            _broke_off(row)
    Job.objects.filter(pk=row.pk, state=Job.State.RUNNING).update(cancel_asked_at=moment)
    row.refresh_from_db()
    return row


def visible_to(actor: Actor) -> QuerySet[Job]:
    """Jobs an actor may see: own ones; an administrator also those of people in the divisions granted."""
    if actor.system:
        return Job.objects.all()
    condition = Q(owner=actor.person)
    for grant in actor.grants:
        if grant.role == RoleGrant.Role.ADMIN:
            condition |= Q(owner__department__division__path__startswith=grant.division.path)
    return Job.objects.filter(condition)


def worker_name() -> str:
    """This process, as the job's row keeps it."""
    return f"{socket.gethostname()}:{os.getpid()}"


def fail_orphans() -> int:
    """Close jobs whose process is gone (called when a worker starts); returns how many."""
    closed = 0
    for row in Job.objects.filter(state=Job.State.RUNNING).select_related("owner"):
        if _is_dead(row):
            with translation.override(row.owner.language):
                _end(row, Job.State.FAILED, _("“%(title)s”因后台进程中断而停止，请重新发起。") % {"title": row.title})
            closed += 1
    return closed


def _is_dead(row: Job) -> bool:
    return is_gone(row.worker, row.heartbeat_at)


def is_gone(worker: str, heartbeat_at: datetime | None) -> bool:
    """Whether a process named by `worker_name` is no longer there; of another machine, by its last sign of life."""
    host, _colon, pid = worker.rpartition(":")
    if os.name == "posix" and host == socket.gethostname() and pid.isdigit():
        return int(pid) != os.getpid() and not _is_alive(int(pid))
    return heartbeat_at is None or clock.now() - heartbeat_at > DEAD_AFTER


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

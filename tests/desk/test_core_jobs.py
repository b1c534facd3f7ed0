"""Jobs: progress, cancel, rights at run time, orphans."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from desk.conftest import World
from soildesk.core import clock, files, jobs
from soildesk.core.jobs import Output, Progress
from soildesk.core.models import Job, Message, RoleGrant
from soildesk.core.permissions import Actor, NotAllowed
from soildesk.core.worker import work

pytestmark = pytest.mark.store
KIND = "test.job"


@pytest.fixture
def declare() -> Iterator[Callable[..., None]]:
    """Registers a function as the test's job and forgets it afterwards."""

    def declared(function: Callable[..., Any], permission: str = "") -> None:
        jobs.job(KIND, title="试作业", permission=permission)(function)

    yield declared
    jobs._kinds.pop(KIND, None)


def test_job_reports_and_leaves_result_file_and_message(world: World, declare: Callable[..., None]) -> None:
    def export(progress: Progress, actor: Actor, *, rows: int) -> Output:
        progress.note("开始")
        progress.step(rows, rows, "写出")
        return Output({"rows": rows, "by": actor.name}, ("结果.csv", b"a,b\n"))

    declare(export)
    row = jobs.run(jobs.start(KIND, {"rows": 3}, by=world.actor("officer"), title="导出三行"))
    assert (row.state, row.done, row.total, row.percent) == (Job.State.DONE, 3, 3, 100)
    assert row.result == {"rows": 3, "by": "officer"}
    assert "开始" in row.log
    assert files.read(row.result_file) == b"a,b\n"
    message = Message.objects.get(person=world.people["officer"])
    assert "导出三行" in message.text
    assert message.link == reverse("core:job", args=[row.uid])


def test_result_file_is_the_owners(world: World, declare: Callable[..., None], client: Client) -> None:
    declare(lambda progress, actor: Output({}, ("a.csv", b"a\n")))
    row = jobs.run(jobs.start(KIND, by=world.actor("officer")))
    found = {}
    for who in ("officer", "reader", "stranger"):
        client.force_login(world.people[who])
        found[who] = client.get(reverse("core:file", args=[row.result_file.uid])).status_code
    assert found == {"officer": 200, "reader": 404, "stranger": 404}


def test_running_job_stops_at_its_next_step(world: World, declare: Callable[..., None]) -> None:
    reached = []

    def long(progress: Progress, actor: Actor) -> None:
        for number in range(5):
            progress.step(number, 4)
            reached.append(number)
            if number == 1:
                jobs.cancel(Job.objects.get(kind=KIND), by=actor)
            progress._written = 0.0

    declare(long)
    row = jobs.run(jobs.start(KIND, by=world.actor("officer")))
    assert row.state == Job.State.CANCELLED
    assert reached == [0, 1]
    assert row.result is None


def test_waiting_job_is_cancelled_and_never_runs(world: World, declare: Callable[..., None]) -> None:
    ran = []
    declare(lambda progress, actor: ran.append(1))
    row = jobs.cancel(jobs.start(KIND, by=world.actor("officer")), by=world.actor("officer"))
    assert row.state == Job.State.CANCELLED
    assert jobs.run(row).state == Job.State.CANCELLED
    assert ran == []
    with pytest.raises(jobs.JobRefused, match="已经结束"):
        jobs.cancel(row, by=world.actor("officer"))


def test_only_owner_or_administrator_cancels(world: World, declare: Callable[..., None]) -> None:
    declare(lambda progress, actor: None)
    row = jobs.start(KIND, by=world.actor("officer"))
    for who in ("reader", "stranger"):
        with pytest.raises(NotAllowed):
            jobs.cancel(row, by=world.actor(who))
    assert jobs.cancel(row, by=world.actor("admin")).state == Job.State.CANCELLED


def test_rights_are_asked_again_when_it_runs(world: World, declare: Callable[..., None]) -> None:
    ran = []
    declare(lambda progress, actor: ran.append(1), permission="core.manage_departments")
    with pytest.raises(NotAllowed):
        jobs.start(KIND, by=world.actor("reader"))
    row = jobs.start(KIND, by=world.actor("officer"))
    RoleGrant.objects.filter(person=world.people["officer"]).delete()
    row = jobs.run(row)
    assert row.state == Job.State.FAILED
    assert "经办人" in row.doing
    assert ran == []


def test_failure_is_told_without_the_exception(world: World, declare: Callable[..., None]) -> None:
    declare(lambda progress, actor: 1 / 0)
    row = jobs.run(jobs.start(KIND, by=world.actor("officer")))
    assert row.state == Job.State.FAILED
    assert "ZeroDivisionError" in row.log
    assert "division" not in Message.objects.get().text


def test_job_runs_once(world: World, declare: Callable[..., None]) -> None:
    ran = []
    declare(lambda progress, actor: ran.append(1))
    row = jobs.start(KIND, by=world.actor("officer"))
    jobs.run(row)
    jobs.run(row)
    assert ran == [1]


@pytest.mark.parametrize(
    ("worker", "age", "dead"),
    [
        ("elsewhere:1", jobs.DEAD_AFTER + timedelta(minutes=1), True),
        ("elsewhere:1", timedelta(minutes=1), False),
        ("here", timedelta(days=1), False),
        ("gone", timedelta(0), True),
    ],
)
def test_orphans_are_closed(
    world: World, declare: Callable[..., None], worker: str, age: timedelta, dead: bool
) -> None:
    declare(lambda progress, actor: None)
    host = jobs.worker_name().rpartition(":")[0]
    name = {"here": jobs.worker_name(), "gone": f"{host}:4194305"}.get(worker, worker)
    row = jobs.start(KIND, by=world.actor("officer"))
    Job.objects.filter(pk=row.pk).update(state=Job.State.RUNNING, worker=name, heartbeat_at=clock.now() - age)
    assert jobs.fail_orphans() == int(dead)
    row.refresh_from_db()
    assert (row.state == Job.State.FAILED) is dead


@pytest.mark.django_db(transaction=True)
def test_worker_takes_jobs_from_the_queue(world: World, declare: Callable[..., None]) -> None:
    declare(lambda progress, actor: {"ok": True})
    row = jobs.start(KIND, by=world.actor("officer"))
    assert DBTaskResult.objects.count() == 1
    work(until_empty=True, interval_s=0)
    row.refresh_from_db()
    assert (row.state, row.result) == (Job.State.DONE, {"ok": True})


def test_pages_show_progress_and_cancel(world: World, declare: Callable[..., None], client: Client) -> None:
    declare(lambda progress, actor: None)
    row = jobs.start(KIND, by=world.actor("officer"))
    client.force_login(world.people["officer"])
    page = client.get(reverse("core:job", args=[row.uid]))
    assert 'hx-trigger="every 2s"' in page.content.decode()
    client.post(reverse("core:job_cancel", args=[row.uid]))
    part = client.get(reverse("core:job", args=[row.uid]), headers={"HX-Request": "true"}).content.decode()
    assert "已取消" in part
    assert "hx-trigger" not in part
    client.force_login(world.people["stranger"])
    assert client.get(reverse("core:job", args=[row.uid])).status_code == 404

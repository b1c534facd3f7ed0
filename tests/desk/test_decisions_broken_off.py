"""A batch that is cancelled, breaks off or whose process is gone leaves no answer, no table, and says so; on both stores."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from desk.conftest import AT, DAY, World
from desk.gis_world import feature, geojson
from desk.land_world import square
from soildesk.core import clock, files, jobs
from soildesk.core.models import FileUse, Job, Message
from soildesk.decisions.models import GateBatch, GateQuery
from soildesk.decisions.services import batch, gate
from soildesk.decisions.tasks import ask_layer

pytestmark = [pytest.mark.store, pytest.mark.django_db]
ORDER = batch.Order("供地计划", "供地", DAY, "0701", "guide2023")


@pytest.fixture
def started(world: World, tmp_path: Any) -> tuple[GateBatch, Job]:
    """A batch of three grounds, its job waiting."""
    path = geojson(tmp_path / "供地计划.geojson", [feature(square(x, 0)) for x in range(3)])
    by = world.actor("officer")
    held = batch.begin(ORDER, (path.name, path.read_bytes()), by=by, at=AT)
    arguments = {"held": str(held.uid), "on": DAY.isoformat(), "use": "0701", "scheme": "guide2023"}
    return held, jobs.start("decisions.batch", arguments, by=by, title=held.title)


def left_nothing(held: GateBatch) -> None:
    """No answer, no table, and the batch says that it was not done."""
    held.refresh_from_db()
    assert held.state == GateBatch.State.FAILED
    assert held.counts == {}
    assert not GateQuery.objects.exists()
    assert [use.kind for use in files.uses_of(held)] == [batch.LAYER], "what was uploaded stays with it"
    assert not FileUse.objects.filter(kind="result").exists()


def said(world: World) -> str:
    """What its owner was told last."""
    return str(Message.objects.filter(person=world.people["officer"]).latest("pk").text)


def every_row(monkeypatch: pytest.MonkeyPatch, then: Callable[[int], None]) -> list[int]:
    """Each row is a chunk of its own; what happens once a row is answered."""
    seen: list[int] = []
    plain = gate.check_many

    def answered(questions: Any, *, by: Any) -> Any:
        found = plain(questions, by=by)
        seen.append(len(found))
        then(len(seen))
        return found

    monkeypatch.setattr(batch, "CHUNK", 1)
    monkeypatch.setattr(jobs, "WRITE_EVERY", 0.0)
    monkeypatch.setattr(gate, "check_many", answered)
    return seen


def test_one_cancelled_half_way(world: World, started: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    held, job = started

    def cancel(rows: int) -> None:
        if rows == 2:
            jobs.cancel(Job.objects.get(pk=job.pk), by=world.actor("officer"))

    seen = every_row(monkeypatch, cancel)
    assert jobs.run(job).state == Job.State.CANCELLED
    assert seen == [1, 1], "the third row was not asked any more"
    left_nothing(held)
    assert "已取消" in said(world)


def test_one_cancelled_before_it_began(world: World, started: Any) -> None:
    held, job = started
    jobs.cancel(job, by=world.actor("officer"))
    left_nothing(held)
    assert jobs.run(job).state == Job.State.CANCELLED
    left_nothing(held)


def test_one_that_fails_half_way(world: World, started: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    held, job = started

    def fail(rows: int) -> None:
        if rows == 2:
            raise ZeroDivisionError

    every_row(monkeypatch, fail)
    assert jobs.run(job).state == Job.State.FAILED
    left_nothing(held)
    assert "中断" in said(world)


def test_one_that_fails_while_its_answers_are_kept(started: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    held, job = started

    def broken(*_given: Any) -> bytes:
        assert GateQuery.objects.count() == 3, "the answers were written before"
        raise ZeroDivisionError

    monkeypatch.setattr(batch, "workbook", broken)
    assert jobs.run(job).state == Job.State.FAILED
    left_nothing(held)


def test_one_whose_process_is_gone(world: World, started: Any) -> None:
    held, job = started
    gone = f"{jobs.worker_name().rpartition(':')[0]}:4194305"
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.RUNNING, worker=gone, heartbeat_at=clock.now() - timedelta(seconds=5)
    )
    assert jobs.fail_orphans() == 1
    left_nothing(held)
    assert "中断" in said(world)


def test_one_that_is_done_stays_done(started: Any) -> None:
    held, job = started
    assert jobs.run(job).state == Job.State.DONE
    batch.broke_off(str(held.uid))
    held.refresh_from_db()
    assert (held.state, sum(held.counts.values())) == (GateBatch.State.DONE, 3)


def test_one_asked_by_command_leaves_not_even_itself(world: World) -> None:
    def stop(done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        batch.at_once(ORDER, [({}, square(0, 0))], by=world.actor("officer"), at=AT, step=stop)
    assert not GateBatch.objects.exists()
    assert not GateQuery.objects.exists()


def test_the_job_is_told_of_where_it_breaks_off() -> None:
    assert jobs.kinds()["decisions.batch"].function is ask_layer
    assert jobs.kinds()["decisions.batch"].broke_off is not None

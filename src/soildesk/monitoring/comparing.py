"""What the desk knows beside the file: field records, sampling tasks, results accepted before. Findings of a batch.

None of this is told to a laboratory before the batch is returned to it: it would speak of samples of others.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from soildesk.monitoring.loading import Loading
from soildesk.monitoring.models import Batch, Custody, Medium, Result, SamplingTask
from soilrules.messages import Message

OWN = ("batch.", "quality_control", "plausibility.")
"""How the rules begin that only the desk's own people see."""
MOST = 500
Found = dict[str, Any]


def finding(rule: str, severity: str, row: int, column: str = "", **said: str) -> Found:
    """One finding of the desk's own, in both languages."""
    message = Message("labquality", "batch", rule, {"row": str(row), **said})
    return {
        "row": row, "column": column, "rule": f"batch.{rule}", "severity": severity,
        "zh": message.sentence("zh"), "en": message.sentence("en"),
    }  # fmt: skip


def with_field(load: Loading) -> Iterator[Found]:
    """Samples whose day or medium is another in the file than in the field."""
    columns = {"date": "采样日期", "medium": "介质"}
    for (what, sample), (row, given, known) in list(load.differ.items())[:MOST]:
        if what == "medium":
            given, known = _medium(given), _medium(known)
        yield finding(f"{what}_differs", "warning", row, columns[what], sample=sample, given=given, known=known)


def _medium(key: str) -> str:
    return str(Medium(key).label) if key in Medium.values else key


def with_tasks(load: Loading) -> Iterator[Found]:
    """Samples that were called off and came all the same; samples taken of which nothing came."""
    for name in sorted(load.seen):
        if name in load.samples and load.samples[name].dropped:
            yield finding("dropped", "warning", 1, "样品编号", sample=name)
    for name in missing(load)[:MOST]:
        yield finding("missing", "info", 1, "样品编号", sample=name)


def missing(load: Loading) -> list[str]:
    """Samples of this batch's own delivery of which neither it nor an accepted one has results.

    A delivery is what came to the laboratory on the same slips and in the same media as what is reported; other
    samples of the campaign are other batches'. Where no receipt is recorded, the media alone decide.
    """
    reported = [load.samples[name] for name in load.seen if name in load.samples]
    if not reported:
        return []
    there = Result.objects.accepted().filter(task=OuterRef("pk"))
    taken = load.batch.campaign.tasks.filter(
        state__in=(SamplingTask.State.SAMPLED, SamplingTask.State.RECEIVED), medium__in={one.medium for one in reported}
    )
    if slips := _slips(load):
        taken = taken.filter(pk__in=_received(load).filter(slip__in=slips).values("task"))
    waiting = taken.filter(~Exists(there)).order_by("code").values_list("code", flat=True)
    return [code for code in waiting if code not in load.seen]


def _received(load: Loading) -> QuerySet[Custody]:
    return Custody.objects.filter(task__campaign=load.batch.campaign, step=Custody.Step.RECEIVED)


def _slips(load: Loading) -> set[str]:
    """The slips on which the reported samples came to the laboratory."""
    return {slip for slip, code in _received(load).values_list("slip", "task__code") if code in load.seen}


def with_accepted(batch: Batch) -> Iterator[Found]:
    """Results that stand already in an accepted batch of the campaign."""
    others = batch.campaign.batches.filter(state__in=Batch.ACCEPTED_STATES).exclude(pk=batch.pk)
    if not others.exists():
        return
    standing = Result.objects.accepted().filter(batch__in=others, task=OuterRef("task"), analyte=OuterRef("analyte"))
    twice = batch.results.filter(Exists(standing)).order_by("row")[:MOST]
    for one in twice.values("row", "sample", "analyte", "task"):
        former = Result.objects.accepted().filter(batch__in=others, task=one["task"], analyte=one["analyte"])
        number = former.values_list("batch__number", flat=True).first() or ""
        yield finding(
            "already", "error", one["row"], "样品编号", sample=one["sample"], analyte=one["analyte"], number=number
        )

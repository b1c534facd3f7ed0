"""No order of accepting, correcting, qualifying, judging and acting loses a warning.

After every judgement each result over a limit in force has a warning, live, closed or merged, or a reason written down.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import judging_world as made
import pytest
import shapely
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soildesk.core.models import Duty, new_uid
from soildesk.monitoring import context
from soildesk.monitoring.models import (
    Alert,
    Background,
    BackgroundVersion,
    Batch,
    Expected,
    Qualifier,
    Result,
    ResultVerdict,
)
from soildesk.monitoring.queries.verdicts import counting
from soildesk.monitoring.refusals import AlertRefused
from soildesk.monitoring.services import disposal, judging
from soildesk.monitoring.services.disposal import Proof
from soilrules.monitoring.facts import FarmlandClass, FarmlandUnit

START = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
OVER = ("exceeds", "exceeds_screening", "exceeds_control")
VALUES = (0.2, 0.5, 2.5)
ACTS = ("assign", "take", "measure", "answer", "close", "give_back", "merge", "escalate", "extend")
POINTS = 3
Step = tuple[str, int, int]

steps = st.lists(
    st.tuples(
        st.sampled_from(
            ("deliver", "accept", "correct", "correct", "reject", "unit", "judge", "finish", "finish", *ACTS)
        ),
        st.integers(0, 5),
        st.integers(0, 5),
    ),
    min_size=4,
    max_size=14,
)


class Round:
    """One campaign of three points, one of them in a recorded background, in the hands of chance."""

    def __init__(self, world: Any) -> None:
        self.world, self.at, self.unit = world, START, None
        self.campaign = made.campaign(world)
        self.points = [made.point(world, f"N{n}", use="paddy", x=114.3 + n * 0.004) for n in range(POINTS)]
        BackgroundVersion.objects.create(
            background=Background.objects.create(number="BJ-1"), name="东山", analyte="cadmium", upper=Decimal("0.6"),
            unit="mg/kg", document="云地调〔2019〕3号", division_path=world.district.path, since=made.SINCE,
            geometry=shapely.MultiPolygon([shapely.box(114.299, 34.69, 114.301, 34.71)]), recorded_at=START,
            owner_department=world.departments["ecology"],
        )  # fmt: skip

    @property
    def who(self) -> dict[str, Any]:
        return {"by": self.world.actor("officer"), "at": self.at}

    def deliver(self, point: int, value: int) -> None:
        """A sample's cadmium and pH arrive in a batch."""
        into = made.batch(self.world, self.campaign, "checked")
        task = made.sample(self.world, self.campaign, self.points[point % POINTS], date(2026, 5, 10 + value))
        made.result(into, task, "cadmium", VALUES[value % 3])
        made.result(into, task, "ph", 6.0)

    def accept(self, which: int, _: int) -> None:
        """A batch is accepted and the campaign judged, as the intake does."""
        waiting = list(Batch.objects.filter(state="checked").order_by("pk"))
        if waiting:
            Batch.objects.filter(pk=waiting[which % len(waiting)].pk).update(state="accepted")
            self.judge(0, 0)

    def correct(self, which: int, value: int) -> None:
        """The laboratory corrects a result."""
        if (old := self.result(which)) is None:
            return
        new = Result.objects.get(pk=old.pk)
        new.pk, new.uid, new.corrects, new.value = None, new_uid(), old, VALUES[value % 3]
        new.printed = str(new.value)
        new.save(force_insert=True)
        Result.objects.filter(pk=old.pk).update(superseded_at=self.at)

    def reject(self, which: int, _: int) -> None:
        """A validator rejects a result."""
        if (one := self.result(which)) and not one.qualifiers.exists():
            Qualifier.objects.create(result=one, role="validator", code="rejected", reason="不合格", at=self.at)

    def result(self, which: int) -> Result | None:
        rows = list(Result.objects.accepted().filter(analyte="cadmium").order_by("pk"))
        return rows[which % len(rows)] if rows else None

    def classed(self, which: int, _: int) -> None:
        """A farmland unit is classed, or nobody knows one again."""
        classes = (None, FarmlandClass.SAFE_USE, FarmlandClass.STRICT)
        found = classes[which % 3]
        self.unit = FarmlandUnit("柏庄 3 号单元", {"cadmium": found}) if found else None

    def judge(self, _: int, __: int) -> None:
        """Judge anew."""
        with context.known_to(units=lambda point, on: self.unit):
            judging.judge(self.campaign, "accepted", **self.who)
        self.nothing_is_lost()

    def act(self, name: str, which: int, other: int) -> None:
        """One act on one warning, refused or not."""
        alerts = list(Alert.objects.order_by("pk"))
        if not alerts:
            return
        alert, second = alerts[which % len(alerts)], alerts[other % len(alerts)]
        issuer = {"by": self.world.actor("issuer"), "at": self.at}
        proof = [Proof("复测.pdf", b"%PDF-1.4 retest")]
        acts: dict[str, Callable[[], Alert]] = {
            "assign": lambda: disposal.assign(alert, self.world.departments["agriculture"], why="改派", **self.who),
            "take": lambda: disposal.take(alert, **self.who),
            "measure": lambda: disposal.measure(alert, "复测", proof, **self.who),
            "answer": lambda: disposal.answer(alert, "复测合格", **self.who),
            "close": lambda: disposal.close(alert, "同意", **issuer),
            "give_back": lambda: disposal.give_back(alert, "缺材料", **self.who),
            "merge": lambda: disposal.merge(alert, second, "同一件事", **self.who),
            "escalate": lambda: disposal.escalate(alert, "跨区", **self.who),
            "extend": lambda: disposal.extend(alert, date(2027, 5, 1) + timedelta(other), "待复测", **self.who),
        }
        try:
            with transaction.atomic():
                acts[name]()
        except AlertRefused:
            pass
        self.warnings_hold()

    def finish(self, which: int, _: int) -> None:
        """A warning is taken through to its end, as far as it goes."""
        for name in ("assign", "take", "measure", "answer", "close"):
            self.act(name, which, 0)

    def nothing_is_lost(self) -> None:
        """Everything over a limit is warned of or explained."""
        over = set(counting(self.campaign).filter(verdict__in=OVER).values_list("result_id", flat=True))
        warned = set(Alert.objects.values_list("results", flat=True))
        explained = set(Expected.objects.filter(superseded_at=None).values_list("result_id", flat=True))
        assert over <= warned | explained
        assert not {pk for pk in explained if pk not in over}
        one = ResultVerdict.objects.filter(superseded_at=None, trial=False)
        assert one.count() == counting(self.campaign).count()
        self.warnings_hold()

    def warnings_hold(self) -> None:
        """One live warning an event; it ends by an act, and is owed exactly while somebody has it."""
        live = Alert.objects.filter(state__in=Alert.LIVE)
        assert len(set(live.values_list("key", flat=True))) == live.count()
        for alert in Alert.objects.all():
            kinds = list(alert.acts.values_list("kind", flat=True))
            assert kinds[0] == "opened"
            assert ("closed" in kinds) == (alert.state == "closed")
            assert ("merged" in kinds) == (alert.state == "merged")
            owed = Duty.objects.for_subject(alert).filter(done_on=None).count()
            assert owed == int(alert.state in Alert.LIVE), "nobody's is owed by who opened it"

    def do(self, step: Step) -> None:
        """One step."""
        name, first, second = step
        if name in ACTS:
            self.act(name, first, second)
        else:
            getattr(self, "classed" if name == "unit" else name)(first, second)


@pytest.fixture
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")


@pytest.mark.usefixtures("_today")
@given(steps)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_order_loses_a_warning(world: Any, many: list[Step]) -> None:
    """Whatever comes first."""
    with transaction.atomic():
        chance = Round(world)
        chance.deliver(0, 1)
        chance.deliver(1, 2)
        chance.accept(0, 0)
        chance.accept(0, 0)
        for step in many:
            chance.do(step)
        chance.judge(0, 0)
        transaction.set_rollback(True)

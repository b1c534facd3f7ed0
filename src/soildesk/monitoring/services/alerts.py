"""Warnings 预警 made after each judgement: one for each event, and none of what is over a limit passed over in silence.

What the rules of `soilrules.monitoring` find of an event joins its live warning or opens one; what is expected is
written down with its reasons. Nothing here closes a warning: that is an act of a person (services.disposal).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from soildesk.core import audit, clock, duties
from soildesk.core.duties import DutySpec, Life
from soildesk.core.models import Department, Duty
from soildesk.core.numbers import next_numbers
from soildesk.core.permissions import Actor
from soildesk.monitoring.models import Alert, AlertAct, Expected, Judgement, Result
from soildesk.monitoring.queries.eventfacts import Event, events
from soildesk.monitoring.queries.owners import Desk, Owners, land_of
from soildesk.monitoring.rulings import analyte_name
from soilrules.messages import LANGUAGES, Message
from soilrules.monitoring import warnings
from soilrules.monitoring.owners import disposal
from soilrules.monitoring.warnings import Level, Met
from soilrules.verdict import Outcome

Said = dict[str, Any]
AT_ONCE = 400
RESULTS = Prefetch("results", Result.objects.only("pk"))
NO_RULE = {
    "id": "no_rule",
    "zh": "没有在用的预警规则适用于这一结果，未生成预警。",
    "en": "No warning rule in use applies to this result; no warning was made.",
}


@dataclass(frozen=True)
class Found:
    """One event with what the rules say of it."""

    event: Event
    judged: warnings.Judgement

    @property
    def findings(self) -> list[Said]:
        """The rules met."""
        return [_said(one) | {"level": str(one.rule.level)} for one in self.judged.warnings]

    @property
    def weighed(self) -> list[Said]:
        """What did not silence it: rules that are silenced while others are not, and rules left open."""
        silenced = [
            {"kind": "expected", "rule": one.met.rule.id, **_words(reason)}
            for one in self.judged.expected
            for reason in one.reasons
        ]
        return [*silenced, *({"kind": "open", "rule": one.rule.id, **_words(one.message)} for one in self.judged.open)]

    @property
    def reasons(self) -> list[Said]:
        """Why nothing of it is a warning."""
        given = [{"id": reason.id, **_words(reason)} for one in self.judged.expected for reason in one.reasons]
        return list({one["zh"]: one for one in given}.values()) or [NO_RULE]


@transaction.atomic
def weigh(judgement: Judgement, *, by: Actor, at: datetime) -> None:
    """Weigh every event of a judged campaign: open warnings, join live ones, write down what is expected.

    Part of the act of judging, whose permission was asked for.
    """
    day = clock.local_day(at)
    weighing = _Weighing(judgement, Desk(day), by, at)
    expected: list[tuple[int, Found]] = []
    found = (Found(event, warnings.judge(event.facts, day)) for event in events(judgement.campaign, day))
    while some := list(islice(found, AT_ONCE)):
        weighing.keep([one for one in some if one.judged.warnings])
        silent = [one for one in some if not one.judged.warnings]
        expected += [(result, one) for one in silent for result in one.event.over]
    _write_expected(judgement, expected, at)


@dataclass(frozen=True)
class _Weighing:
    """One weighing of a judgement's events."""

    judgement: Judgement
    desk: Desk
    by: Actor
    at: datetime

    def keep(self, found: Sequence[Found]) -> None:
        """Each event's warning: the live one joined, or a new one; nothing where a closed one has said all of it."""
        known = _known([one.judged.merge_key for one in found])
        new: dict[str, Found] = {}
        also = []
        for one in found:
            key = one.judged.merge_key
            if key in new:
                also.append(one)  # soil and produce of one point are one event
            elif not self._said(one, known.get(key, [])):
                new[key] = one
        opened = self._open(list(new.values()))
        for one in also:
            self._join(opened[one.judged.merge_key], one)

    def _said(self, found: Found, known: Sequence[Alert]) -> bool:
        """Whether the warnings there are take the event in."""
        live = next((one for one in known if one.state in Alert.LIVE), None)
        if live is not None:
            self._join(live, found)
            return True
        return any(_covers(one, found) for one in known)

    def _join(self, live: Alert, found: Found) -> None:
        join(live, found.findings, found.weighed, found.event.results, by=self.by, at=self.at)

    def _open(self, found: Sequence[Found]) -> dict[str, Alert]:
        """New warnings by their key, with whose they are and by when."""
        if not found:
            return {}
        day, campaign = clock.local_day(self.at), self.judgement.campaign
        owners = [self._owners(one.event) for one in found]
        numbers = _numbers(campaign.owner_department, day.year, len(found))
        made = [self._alert(one, whose, number, day) for one, whose, number in zip(found, owners, numbers, strict=True)]
        Alert.objects.bulk_create(made, batch_size=AT_ONCE)
        _link(made, found, owners)
        opening = AlertAct.Kind.OPENED
        AlertAct.objects.bulk_create(
            [AlertAct(alert=one, kind=opening, on=day, by=self.by.person, at=self.at) for one in made]
        )
        for one in made:
            owe(one, by=self.by, new=True)
        data = {"campaign": campaign.number, **audit.bulk([one.number for one in made])}
        audit.record("monitoring.alert.opened", subject=self.judgement, by=self.by, at=self.at, data=data)
        return {one.key: one for one in made}

    def _owners(self, event: Event) -> Owners:
        return self.desk.owner(event.facts.medium, land_of(event.standard, event.version), event.division_path)

    def _alert(self, found: Found, owners: Owners, number: str, day: date) -> Alert:
        event, level = found.event, found.judged.level or Level.NOTICE
        term = disposal(level, day)
        return Alert(
            division_path=event.division_path,
            owner_department_id=self.judgement.owner_department_id,
            number=number,
            key=found.judged.merge_key,
            level=level,
            tier=term.disposes if term else Alert.Tier.COUNTY,
            campaign=self.judgement.campaign,
            point=event.point,
            medium=event.facts.medium,
            analyte=event.facts.analyte,
            title=_title(event),
            findings=found.findings,
            expected=found.weighed,
            owner=owners.leads,
            owner_basis=_basis(owners)[:200],
            due=term.due(day) if term else None,
            opened_on=day,
            opened_at=self.at,
            geometry=event.version.geometry if event.version else None,
        )


def _known(keys: Sequence[str]) -> dict[str, list[Alert]]:
    """The warnings there were of some events, each that was merged by the one that stands for it."""
    found: dict[str, list[Alert]] = {}
    rows = Alert.objects.select_for_update().filter(key__in=keys).prefetch_related(RESULTS).order_by("pk")
    for one in rows:
        found.setdefault(one.key, []).append(_last_of(one))
    return found


def _last_of(alert: Alert) -> Alert:
    """The warning that stands for one that was merged."""
    while alert.merged_into_id is not None:
        alert = Alert.objects.select_for_update().get(pk=alert.merged_into_id)
    return alert


def _results(alert: Alert) -> set[int]:
    return {one.pk for one in alert.results.all()}


def _covers(closed: Alert, found: Found) -> bool:
    """Whether a closed warning was of the same results, by the same rules, and no less grave."""
    rules = {one["rule"] for one in closed.findings}
    grave = gravity(closed.level) >= gravity(str(found.judged.level))
    return grave and rules >= {one["rule"] for one in found.findings} and _results(closed) >= set(found.event.results)


def _numbers(keeper: Department, year: int, count: int) -> list[str]:
    """Numbers of new warnings: one sequence serves all departments of a place."""
    place = keeper.division
    first = Department.objects.filter(division=place).order_by("pk").first() or keeper
    serials = next_numbers(first, "monitoring.alert", year, count)
    return [f"YJ-{place.code}-{year}-{serial:05d}" for serial in serials]


def _link(made: Sequence[Alert], found: Sequence[Found], owners: Sequence[Owners]) -> None:
    """The results of new warnings and the departments that help."""
    of_results, of_units = Alert.results.through, Alert.with_units.through
    pairs = [(alert, result) for alert, one in zip(made, found, strict=True) for result in one.event.results]
    of_results.objects.bulk_create(
        [of_results(alert=alert, result_id=result) for alert, result in pairs], batch_size=2_000
    )
    helping = [(alert, unit) for alert, one in zip(made, owners, strict=True) for unit in one.supports]
    of_units.objects.bulk_create([of_units(alert=alert, department=unit) for alert, unit in helping])


def gravity(level: str) -> int:
    """How grave a level is."""
    return Level(level).gravity


def join(
    alert: Alert, findings: Sequence[Said], weighed: Sequence[Said], results: Iterable[int], *, by: Actor, at: datetime
) -> Alert | None:
    """Add what is new of an event to its live warning; None where nothing is."""
    added = set(results) - _results(alert)
    rules, sentences = ({one[name] for one in alert.findings} for name in ("rule", "zh"))
    new = [one for one in findings if one["rule"] not in rules or (added and one["zh"] not in sentences)]
    if not new and not added:
        return None
    alert.findings = [*alert.findings, *new]
    alert.expected = list(weighed) or alert.expected
    graver = max((one["level"] for one in new), key=gravity, default=alert.level)
    raised = gravity(graver) > gravity(alert.level)
    if raised:
        alert.level = graver
        _bring_forward(alert, clock.local_day(at))
    alert.save(update_fields=["findings", "expected", "level", "due"])
    alert.results.add(*added)
    note = _("新增 %(n)d 条触发规则、%(m)d 个结果") % {"n": len(new), "m": len(added)}
    act(alert, AlertAct.Kind.JOINED, note, by=by, at=at)
    owe(alert, by=by)
    audit.record(
        "monitoring.alert.joined", subject=alert, by=by, at=at, data={"number": alert.number, "level": alert.level}
    )
    return alert


def _bring_forward(alert: Alert, day: date) -> None:
    """A graver level has a shorter term; a term already nearer stays."""
    term = disposal(Level(alert.level), day)
    if term is not None:
        due = term.due(day)
        alert.due = min(alert.due, due) if alert.due else due


def _title(event: Event) -> str:
    """What a warning is called, in the words of the place it is kept in."""
    over = {
        Outcome.EXCEEDS_CONTROL: "超管制值",
        Outcome.EXCEEDS_SCREENING: "超筛选值",
        Outcome.EXCEEDS: "超标",
    }.get(event.facts.verdict, "变化异常")
    name = event.version.name if event.version else event.facts.point
    return f"{name}：{analyte_name(event.facts.analyte)}{over}"[:200]


def _basis(owners: Owners) -> str:
    said = owners.message.sentence("zh")
    if owners.missing:
        with override("zh-hans"):
            said += _("本地没有登记该部门，请指定处置单位。")
    return said


def act(alert: Alert, kind: AlertAct.Kind, note: str, *, by: Actor, at: datetime) -> AlertAct:
    """Write one act on a warning down."""
    return alert.acts.create(kind=kind, on=clock.local_day(at), note=note[:1000], by=by.person, at=at)


def owe(alert: Alert, *, by: Actor, new: bool = False) -> None:
    """Make what is owed fit the warning: a live one is owed by its owner or who opened it, one that ended by nobody."""
    specs = [_owed(alert)] if alert.state in Alert.LIVE else []
    if alert.state == Alert.State.CLOSED:
        for duty in Duty.objects.for_subject(alert).filter(done_on=None):
            evidence = [{"type": "monitoring.alert", "uid": str(alert.uid)}]
            duties.done(duty, on=alert.closed_on or by.today, by=by, evidence=evidence)
        return
    if new:
        for spec in specs:
            duties.open_duty(alert, spec, by=by, life=Life(alert.opened_on))
        return
    duties.replace_for(alert, specs, by=by, life=Life(alert.opened_on))


def _owed(alert: Alert) -> DutySpec:
    """What is owed for a live warning: its disposal; where nobody's it is, that who opened it names an owner."""
    said = {"title": alert.title, "number": alert.number}
    if alert.owner_id is None:
        title, unit = _("责任部门未定，请指定：%(title)s（%(number)s）") % said, alert.owner_department
    else:
        title, unit = _("处置预警：%(title)s（%(number)s）") % said, alert.owner
    return DutySpec(Duty.Kind.ALERT, title, unit, alert.owner_basis, due=alert.due)


def _write_expected(judgement: Judgement, found: Sequence[tuple[int, Found]], at: datetime) -> None:
    """Write down why results over a limit are no warnings; what was written before and still holds stays."""
    standing: QuerySet[Expected] = Expected.objects.filter(
        result__batch__campaign=judgement.campaign, superseded_at=None
    )
    before = {one.result_id: one for one in standing}
    new = []
    for result, one in found:
        was = before.get(result)
        verdict, reasons = str(one.event.facts.verdict), one.reasons
        if was and (was.verdict, was.reasons) == (verdict, reasons):
            del before[result]
            continue
        new.append(Expected(result_id=result, judgement=judgement, verdict=verdict, reasons=reasons))
    Expected.objects.filter(pk__in=[one.pk for one in before.values()]).update(superseded_at=at)
    Expected.objects.bulk_create(new, batch_size=500)


def _said(met: Met) -> Said:
    rule = met.rule
    return {
        "rule": rule.id,
        "mark": rule.mark,
        "standard": rule.standard,
        "source": rule.source,
        "evidence": list(met.evidence),
        **_words(met.message),
    }


def _words(message: Message) -> dict[str, str]:
    return {language: message.sentence(language) for language in LANGUAGES}

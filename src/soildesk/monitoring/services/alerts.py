"""Warnings 预警 made after each judgement: one for each event, and none of what is over a limit passed over in silence.

What the rules of `soilrules.monitoring` find of an event joins its live warning or opens one; what is expected is
written down with its reasons. Nothing here closes a warning: that is an act of a person (services.disposal).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from soildesk.core import audit, clock, duties
from soildesk.core.duties import DutySpec, Life
from soildesk.core.models import Duty
from soildesk.core.permissions import Actor
from soildesk.land.services.writing import number_for
from soildesk.monitoring.models import Alert, AlertAct, Expected, Judgement
from soildesk.monitoring.owners import Desk, Owners, land_of
from soildesk.monitoring.queries.eventfacts import Event, events
from soildesk.monitoring.rulings import analyte_name
from soilrules.messages import LANGUAGES, Message
from soilrules.monitoring import warnings
from soilrules.monitoring.owners import disposal
from soilrules.monitoring.warnings import Level, Met
from soilrules.verdict import Outcome

Said = dict[str, Any]
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
def weigh(judgement: Judgement, *, by: Actor, at: datetime) -> list[Alert]:
    """Weigh every event of a judged campaign; returns the warnings opened or joined. Part of the act of judging."""
    day = clock.local_day(at)
    desk = Desk(day)
    touched: list[Alert] = []
    expected: list[tuple[int, Found]] = []
    for event in events(judgement.campaign, day):
        found = Found(event, warnings.judge(event.facts, day))
        if found.judged.warnings:
            alert = _kept(found, judgement, desk, by=by, at=at)
            touched += [alert] if alert else []
        elif event.over:
            expected += [(result, found) for result in event.over]
    _write_expected(judgement, expected, at)
    return touched


def _kept(found: Found, judgement: Judgement, desk: Desk, *, by: Actor, at: datetime) -> Alert | None:
    """The event's warning: the live one joined, or a new one; None where a closed one has said all of it."""
    known = list(Alert.objects.select_for_update().filter(key=found.judged.merge_key).order_by("pk"))
    known = [_last_of(one) for one in known]
    live = next((one for one in known if one.state in Alert.LIVE), None)
    if live is not None:
        return join(live, found.findings, found.weighed, found.event.results, by=by, at=at)
    if any(_covers(one, found) for one in known):
        return None
    return _open(found, judgement, desk, by=by, at=at)


def _last_of(alert: Alert) -> Alert:
    """The warning that stands for one that was merged."""
    while alert.merged_into_id is not None:
        alert = Alert.objects.select_for_update().get(pk=alert.merged_into_id)
    return alert


def _covers(closed: Alert, found: Found) -> bool:
    """Whether a closed warning was of the same results, by the same rules, and no less grave."""
    rules = {one["rule"] for one in closed.findings}
    results = set(closed.results.values_list("pk", flat=True))
    grave = gravity(closed.level) >= gravity(str(found.judged.level))
    return grave and rules >= {one["rule"] for one in found.findings} and results >= set(found.event.results)


def gravity(level: str) -> int:
    """How grave a level is."""
    return Level(level).gravity


def join(
    alert: Alert, findings: Sequence[Said], weighed: Sequence[Said], results: Iterable[int], *, by: Actor, at: datetime
) -> Alert | None:
    """Add what is new of an event to its live warning; None where nothing is."""
    added = set(results) - set(alert.results.values_list("pk", flat=True))
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


def _open(found: Found, judgement: Judgement, desk: Desk, *, by: Actor, at: datetime) -> Alert:
    event, day = found.event, clock.local_day(at)
    level = found.judged.level or Level.NOTICE
    owners = desk.owner(event.facts.medium, land_of(event.standard, event.version), event.division_path)
    term = disposal(level, day)
    campaign = judgement.campaign
    alert = Alert.objects.create(
        division_path=event.division_path,
        owner_department_id=campaign.owner_department_id,
        number=number_for(campaign.owner_department, "YJ", day.year),
        key=found.judged.merge_key,
        level=level,
        tier=term.disposes if term else Alert.Tier.COUNTY,
        campaign=campaign,
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
        opened_at=at,
    )
    alert.with_units.set(owners.supports)
    alert.results.set(event.results)
    act(alert, AlertAct.Kind.OPENED, "", by=by, at=at)
    owe(alert, by=by)
    audit.record(
        "monitoring.alert.opened", subject=alert, by=by, at=at, data={"number": alert.number, "level": alert.level}
    )
    return alert


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


def owe(alert: Alert, *, by: Actor) -> None:
    """Make what is owed fit the warning: a live one is owed by its owner, one that ended by nobody."""
    specs = []
    if alert.state in Alert.LIVE and alert.owner_id is not None:
        title = _("处置预警：%(title)s（%(number)s）") % {"title": alert.title, "number": alert.number}
        specs = [DutySpec(Duty.Kind.ALERT, title, alert.owner, alert.owner_basis, due=alert.due)]
    if alert.state == Alert.State.CLOSED:
        for duty in Duty.objects.for_subject(alert).filter(done_on=None):
            evidence = [{"type": "monitoring.alert", "uid": str(alert.uid)}]
            duties.done(duty, on=alert.closed_on or by.today, by=by, evidence=evidence)
        return
    duties.replace_for(alert, specs, by=by, life=Life(alert.opened_on))


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

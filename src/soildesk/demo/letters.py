"""The example's letters: the circular on the third quarter, an order done in part, a talk with what was promised; two joint
meetings, one held whose decisions are tasks, one being prepared."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from soildesk.core import clock
from soildesk.core.models import Department, Division, Person
from soildesk.demo.monitoring import actor, moment
from soildesk.plans.models import Assignment, Plan
from soildesk.plans.services import publishing, review, work
from soildesk.supervision.models import DispatchRound, Letter, Slip, TalkPromise
from soildesk.supervision.queries import agenda, letters_sources
from soildesk.supervision.services import issuing, letters, letters_sending, meetings, talks
from soildesk.supervision.services.letters import Item, Source, Wanted
from soildesk.supervision.services.letters_sending import Reply
from soildesk.supervision.services.matters import Act
from soildesk.supervision.services.meetings import Point, Upload
from soildesk.supervision.services.talks import Held, Promise
from soildesk.supervision.services.talks import Plan as Arranged
from soilrules.supervision import authorities

CHIEF, FARMS, LAND, BUREAU = "zhouzheng", "maijia", "tangyu", "linlan"
AGRICULTURE, NATURAL, ECOLOGY, HOUSING = "青禾区农业农村局", "青禾区自然资源局", "青禾区生态环境局", "青禾区住房和城乡建设局"  # fmt: skip
GOVERNMENT = "青禾区人民政府"
CIRCULAR, ORDER, ASKED = date(2026, 10, 16), date(2026, 10, 19), date(2026, 10, 27)
REPLIED, TALKED, MET = date(2026, 11, 2), date(2026, 11, 6), date(2026, 10, 30)
PAPER = "青政办函〔2026〕19号（示例）"
SUBJECT = authorities.Act


def tell(folder: Path) -> None:
    """Through the services people use, each act on its day; what lies ahead of today is left out."""
    today = clock.today()
    for day, part in ((CIRCULAR, _circular), (ORDER, _order), (TALKED, _talk)):
        if day <= today:
            part()
    if today >= MET:
        _met(folder)
        _to_meet()
    place = Division.objects.get(code="990101", until__isnull=True)
    issuing.run(place, by=actor(CHIEF, today), at=moment(today, 9))


def _unit(name: str) -> Department:
    return Department.objects.select_related("division").get(name=name)


def _sent(wanted: Wanted, day: date) -> Letter:
    """Drafted, signed and sent by the campaign office on one day."""
    by = actor(CHIEF, day)
    letter = letters.draft(wanted, by=by, at=moment(day, 9))
    letters.sign(letter, by=by, at=moment(day, 10))
    return letters_sending.send(letter, by=by, at=moment(day, 11))


def _circular() -> None:
    """On the third quarter's dispatch: who was late, how like units rank."""
    found = DispatchRound.objects.filter(period="2026Q3", closed_on__isnull=False).order_by("pk").first()
    if found is None or found.closed_on is None:
        return
    day = max(CIRCULAR, found.closed_on)
    begun = letters_sources.begun(actor(CHIEF, day), SUBJECT.CIRCULAR, False, "round", str(found.uid))
    assert begun is not None
    title = "关于2026年第三季度土壤污染防治工作调度情况的通报"
    wanted = Wanted(
        SUBJECT.CIRCULAR, title, begun.units, lead=begun.lead, ending=begun.ending, copies=[_unit(GOVERNMENT)],
        tables=begun.tables, source=Source(begun.source_type, begun.source_id, begun.source_title),
    )  # fmt: skip
    sent = _sent(wanted, day)
    for username in (FARMS, LAND):
        who = actor(username, day)
        if who.person and sent.units.filter(department=who.person.department).exists():
            letters_sending.receive(sent, who.person.department, Act(who, moment(day, 15)))  # type: ignore[arg-type]


def _order() -> None:
    """Three matters: one done and verified, one late, one under way."""
    farms, land, bureau = (_unit(name) for name in (AGRICULTURE, NATURAL, ECOLOGY))
    items = [
        Item("核实白鹭镇严格管控类耕地今年秋季种植情况，逐户登记", farms, date(2026, 11, 6), "区政府专题会议（示例）"),
        Item("将下半年拟供应地块清单报区环委办，并注明土壤污染状况调查情况", land, date(2026, 11, 10)),
        Item("对三家未完成隐患排查的重点单位逐家约见，明确完成时间", bureau, date(2026, 12, 10)),
    ]
    title = "关于落实土壤污染防治近期重点事项的交办通知"
    lead = "经研究，现将下列事项交由你单位办理："
    ending = "请在时限前完成，并在系统中签收、填报进展。"
    sent = _sent(Wanted(SUBJECT.ASSIGN, title, [farms, land, bureau], lead=lead, items=items, ending=ending), ORDER)
    plan = Plan.objects.get(pk=sent.plan_id)
    day = ORDER + timedelta(days=1)
    said = "已逐户登记，结果已报区环委办。"
    _work(plan, AGRICULTURE, FARMS, received=day, done=date(2026, 11, 5), text=said)
    _work(plan, ECOLOGY, BUREAU, received=day, done=None, text="已约见两家，另一家下周约见。")
    _work(plan, NATURAL, LAND, received=day, done=None, text="")


def _work(plan: Plan, unit: str, username: str, *, received: date, done: date | None, text: str) -> None:
    """A unit signs for its task and, on its day, says how it goes; what is done is verified the day after."""
    rows = Assignment.objects.filter(task__plan=plan, department__name=unit).select_related("task__plan", "department")
    for one in rows:
        work.receive(one, by=actor(username, received), at=moment(received, 10))
        day = done or received + timedelta(days=9)
        if not text or day > clock.today():
            continue
        said = work.Report(text, claims_done=done is not None, done_on=done)
        work.report(one, said, by=actor(username, day), at=moment(day, 16))
        if done is not None and done < clock.today():
            after = done + timedelta(days=1)
            work.verify(one, by=actor(CHIEF, after), at=moment(after, 9))


def _talk() -> None:
    """The campaign office proposes, the government agrees with a number, the talk is held, one promise is kept."""
    unit = _unit(HOUSING)
    slip = Slip.objects.filter(colour="red", on__lte=ASKED, unit=unit).order_by("on", "id").first()
    slip = slip or Slip.objects.filter(colour="red", on__lte=ASKED, unit__isnull=False).order_by("on", "id").first()
    if slip is None or slip.unit is None:
        return
    by = actor(CHIEF, ASKED)
    begun = letters_sources.begun(by, SUBJECT.TALK, True, "slip", str(slip.uid))
    assert begun is not None
    items = [Item(one.text, one.unit, one.due, one.basis, one.url) for one in begun.items]
    origin = Source(begun.source_type, begun.source_id, begun.source_title)
    wanted = Wanted(
        SUBJECT.TALK, begun.title, begun.units, request=True, lead=begun.lead, items=items, ending=begun.ending, source=origin
    )  # fmt: skip
    letter = _sent(wanted, ASKED)
    said = Act(actor(CHIEF, REPLIED), moment(REPLIED, 10), "同意约谈，由区政府分管副区长主持。")
    letter = letters_sending.register_reply(letter, Reply(True, PAPER, REPLIED), said)
    plan = Arranged([slip.unit], TALKED, "区政府第二会议室")
    talk = talks.arrange(letter, plan, by=actor(CHIEF, REPLIED), at=moment(REPLIED, 11))
    minutes = "会议指出，该事项经多次督办仍未办结，责任单位主要负责人作了检讨。\n会议要求，责任单位制定整改计划，按期完成并逐项报告。"
    promises = [
        Promise(slip.unit, "制定整改计划，明确责任人和每周进度", TALKED + timedelta(days=7)),
        Promise(slip.unit, f"完成“{slip.title[:60]}”", TALKED + timedelta(days=35)),
    ]
    held = Held(TALKED, "区政府分管副区长", f"{slip.unit.name}主要负责人", minutes, promises)
    talk = talks.hold(talk, held, Act(actor(CHIEF, TALKED), moment(TALKED, 17)))
    _keep(talk.promises.order_by("position")[0])


def _keep(promise: TalkPromise) -> None:
    """The first promise is reported by somebody of the unit, and verified by the office."""
    day, after = TALKED + timedelta(days=5), TALKED + timedelta(days=6)
    people = Person.objects.filter(department=promise.unit, is_active=True).order_by("id")
    username = people.values_list("username", flat=True).first()
    if after > clock.today() or username is None:
        return
    said = Act(actor(username, day), moment(day, 10), "整改计划已报送，每周一报告进度。")
    done = talks.report(promise, day, said)
    talks.verify(done, Act(actor(CHIEF, after), moment(after, 10), "计划可行。"))


GUESTS = (ECOLOGY, NATURAL, AGRICULTURE, "青禾区财政局", HOUSING, "青禾区工业和信息化局", "青石镇人民政府", "白鹭镇人民政府", "柳溪镇人民政府", "青禾区应急管理局")  # fmt: skip


def _prepared(title: str, on: date, day: date) -> object:
    """A meeting with what is open on a day."""
    by = actor(CHIEF, day)
    wanted = meetings.Wanted(
        title, on, [_unit(name) for name in GUESTS], hour="9:00", place="区政府第二会议室", chair="区环委办主任"
    )
    made = meetings.prepare(wanted, (), by=by, at=moment(day, 14))
    place = Division.objects.get(code="990101", until__isnull=True)
    points = [
        Point(one.text, one.kind, one.unit, one.why, one.url, one.key)
        for one in agenda.proposed(by, made, place, day)[:12]
    ]
    return meetings.set_agenda(made, points, by=by, at=moment(day, 15))


def _met(folder: Path) -> None:
    """The second meeting of the year was held; its decisions went out to the units."""
    called = MET - timedelta(days=3)
    made = _prepared("土壤污染防治工作2026年第2次联席会议", MET, called)
    meetings.call(made, by=actor(CHIEF, called), at=moment(called, 16))  # type: ignore[arg-type]
    by = actor(CHIEF, MET)
    came = [_unit(name) for name in GUESTS[:-1]]
    told = meetings.Held(MET, came, "青环委办纪〔2026〕2号（示例）", "区应急管理局因值守请假。")
    text = (folder / "minutes.txt").read_bytes()
    done = meetings.record(made, told, Upload(text), by=by, at=moment(MET, 17))  # type: ignore[arg-type]
    plan = Plan.objects.get(pk=done.plan_id)
    review.accept_confident(plan, by=by, at=moment(MET, 17), everything=True)
    publishing.publish(plan, by=by, at=moment(MET, 18))
    said = "已逐宗核对30宗地块，结果已报区环委办。"
    _work(plan, NATURAL, LAND, received=MET + timedelta(days=3), done=date(2026, 11, 16), text=said)


def _to_meet() -> None:
    """The third is being prepared."""
    _prepared("土壤污染防治工作2026年第3次联席会议", clock.today() + timedelta(days=7), clock.today())

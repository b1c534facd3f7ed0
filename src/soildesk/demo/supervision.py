"""How the example's campaign office follows up what is late: its rules since October, the slips that follow from the district's
real duties, and what units answered and asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import QuerySet

from soildesk.core import clock
from soildesk.core.models import Department, Division, Duty
from soildesk.demo.monitoring import actor, moment
from soildesk.kit import word
from soildesk.supervision.models import Slip, Suspension
from soildesk.supervision.services import issuing, matters, ruling, slips
from soildesk.supervision.services.matters import Act, Granted, Paper
from soildesk.supervision.services.ruling import Version
from soilrules.supervision.authorities import Body

CHIEF, FARMS, HOUSING, LAND, TOWN = "zhouzheng", "maijia", "dufeng", "tangyu", "shixin"
BEGAN = date(2026, 10, 12)
GROUND = "青环委办〔2026〕5号（示例）"
OFFICES = (
    ("青禾区生态环境保护委员会办公室", Body.CAMPAIGN_OFFICE),
    ("青禾区生态环境局", Body.BUREAU),
    ("青禾区人民政府", Body.GOVERNMENT),
    ("云泽市人民政府", Body.SUPERIOR),
)
NUMBER = "云环函〔2026〕31号（示例）"
RUN_EVERY = timedelta(days=14)


def tell() -> None:
    """The offices, the rules, a run every second week and one today, with what was said between."""
    place = Division.objects.get(code="990101", until__isnull=True)
    chief = actor(CHIEF, BEGAN)
    for name, body in OFFICES:
        department = Department.objects.get(name=name)
        ruling.name_office(place, department, body, GROUND, by=chief, at=moment(BEGAN, 9))
    ruling.set_rules(place, Version(BEGAN, ground=GROUND), by=chief, at=moment(BEGAN, 9))
    for day in _days():
        issuing.run(place, by=actor(CHIEF, day), at=moment(day, 8))
        if day == BEGAN + RUN_EVERY:
            _asked(day)
        if day == BEGAN + 2 * RUN_EVERY:
            _answered(day)


def _days() -> Iterator[date]:
    day, today = BEGAN, clock.today()
    while day < today:
        yield day
        day += RUN_EVERY
    yield today


def _act(username: str, day: date, note: str, *papers: Paper) -> Act:
    return Act(actor(username, day), moment(day, 15), note, papers)


def _letter(title: str, number: str) -> bytes:
    document = word.a4()
    word.paragraph(document, title, word.TITLE)
    word.paragraph(document, number, word.SUBTITLE)
    return word.saved(document)


def _to_come(username: str, day: date) -> QuerySet[Duty]:
    """What the person's department owes later than in a week, the nearest first."""
    unit = actor(username, day).person.department_id  # type: ignore[union-attr]
    rows = Duty.objects.live_on(day).filter(unit_id=unit, done_on=None, due__gt=day + timedelta(days=7))
    return rows.exclude(kind=Duty.Kind.SLIP).order_by("due", "id")


def _asked(day: date) -> None:
    """A request the city has granted by letter, one that waits, a suspension for the winter, an important matter."""
    first, second = _to_come(HOUSING, day)[:2]
    later = matters.ask_extension(
        first, first.due + timedelta(days=21), _act(HOUSING, day, "施工招标流标，需要重新组织。")
    )
    letter = Paper("关于同意调整时限的函.docx", _letter("关于同意调整时限的函", NUMBER))
    granted = Granted(later.due_wanted, "云泽市生态环境局", NUMBER)
    matters.grant_extension(later, granted, _act(CHIEF, day, "按市局批复办理。", letter))
    matters.ask_extension(second, second.due + timedelta(days=14), _act(HOUSING, day, "等待市级评审专家排期。"))
    field = _to_come(FARMS, day).first()
    rest = matters.ask_suspension(
        field, Suspension.Cause.SEASON, date(2027, 3, 15), _act(FARMS, day, "冬小麦在田，收获后才能施工。")
    )  # type: ignore[arg-type]
    matters.grant_suspension(rest, _act(CHIEF, day, "同意，到期恢复督办。"))
    weighty = _to_come(LAND, day).first()
    matters.mark_important(weighty, _act(CHIEF, day, "区委常委会会议纪要第18号（示例）"))  # type: ignore[arg-type]


def _answered(day: date) -> None:
    """A unit says why, a town says it is not its own, where a slip waits for them."""
    for username, kind, said in (
        (FARMS, Slip.Answer.REASON, "检测机构排期到下周，预计10日内办结。"),
        (TOWN, Slip.Answer.MISDIRECTED, "该事项由区自然资源局牵头，请改派。"),
    ):
        unit = actor(username, day).person.department_id  # type: ignore[union-attr]
        waiting = Slip.objects.filter(unit_id=unit, state=Slip.State.WAITING).order_by("on", "id").first()
        if waiting is not None:
            slips.answer(waiting, kind, _act(username, day, said))

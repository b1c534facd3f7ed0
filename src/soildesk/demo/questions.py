"""What offices of the example asked the gate, and what they were answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from soildesk.core import clock
from soildesk.core.models import Department, Division
from soildesk.decisions.models import GateQuery
from soildesk.decisions.queries import watches as found_by
from soildesk.decisions.queries.facts import Asked
from soildesk.decisions.queries.profiles import NONE, adopted
from soildesk.decisions.services import after, batch, gate, opinions, profiles, watches
from soildesk.decisions.services.batch import Order as Asking
from soildesk.decisions.services.gate import Said
from soildesk.decisions.services.national import National
from soildesk.demo.monitoring import actor, moment
from soildesk.demo.plots import features
from soildesk.land.services.writing import Place
from soildesk.oversight.services import problems
from soildesk.oversight.services.problems import Done, Order, Proof
from soildesk.plots.models import PlotVersion

OFFICER, OFFICE, SCHEME = "linlan", "青禾区生态环境局", "guide2023"


@dataclass(frozen=True)
class Question:
    """One question: when, by whom, of which plot, for which act and use."""

    on: date
    who: str
    plot: str
    act: str
    use: str
    project: str
    document: str = ""
    untouched: bool | None = None


ASKED = (
    Question(date(2026, 10, 20), "linlan", "原城关皮件厂地块", "施工许可", "0701", "皮件厂地块住宅项目", "青住建函〔2026〕41号", True),
    Question(date(2026, 10, 27), "tangyu", "原青禾农药厂地块", "规划报批", "0701", "农药厂片区改造居住", "青自然资函〔2026〕88号"),
    Question(date(2026, 11, 3), "tangyu", "原青禾纺织印染厂地块", "工程规划许可", "080403", "城关第二小学扩建", "青自然资函〔2026〕93号", True),
    Question(date(2026, 11, 9), "linlan", "原新苑热电厂灰场地块", "施工许可", "0701", "灰场片区安置房", "青住建函〔2026〕46号"),
    Question(date(2026, 11, 12), "linlan", "原城关皮件厂地块", "供地", "0701", "皮件厂地块供地", "青自然资函〔2026〕95号", True),
    Question(date(2026, 11, 17), "tangyu", "原青禾铅笔厂地块", "供地", "0701", "铅笔厂地块住宅项目", "青自然资函〔2026〕97号"),
)  # fmt: skip


WAITING = ASKED[3]
ADOPTED, REQUESTED, ANSWERED, LOOKED_UP = date(2026, 11, 5), date(2026, 10, 29), date(2026, 11, 6), date(2026, 11, 13)
ANSWER = "该地块在风险管控和修复名录内，修复目标尚未达到，不得规划为住宅用地。请待移出名录后再行报批。"


WATCHED = date(2026, 9, 18)
SOLD, PARKED = "原河东金属回收站地块", "原河东五金电镀园地块"
"""Plots the order of permits and pictures shows something of: made a problem, and set aside with a reason; others wait."""
SUPPLIER, DEMAND = "青禾区自然资源局", "暂停办理后续手续；督促土地使用权人先完成土壤污染状况调查。"
NOT_USED = "现场核实：影像所见为效果评估单位的采样车辆，场地封闭，未投入使用。"


@dataclass(frozen=True)
class Layer:
    """A layer another office handed in, asked about in one go."""

    on: date
    who: str
    file: str
    title: str
    act: str


LAYERS = (
    Layer(date(2026, 11, 4), "tangyu", "供地计划2027年.geojson", "2027年国有建设用地供应计划逐块核查", "供地"),
    Layer(date(2026, 11, 6), "tangyu", "详细规划地块.geojson", "新苑、河东、北湖片区详细规划与地块比对", "规划报批"),
)


def tell(folder: Path) -> None:
    """Every question until today, on its day, each answer kept; then what was added to some."""
    grounds = {facts["名称"]: shape for shape, facts in features(folder / "地块.geojson")}
    for one in (*ASKED[:3], None, *ASKED[3:]):
        if one is None:
            _adopt()
        elif one.on <= clock.today():
            _ask(one, grounds[one.plot])
    _opinions(folder)
    _province(folder)
    _watches()
    for one in LAYERS:
        if one.on <= clock.today():
            _ask_layer(folder, one)


def _ask(one: Question, ground: BaseGeometry) -> None:
    version = PlotVersion.objects.standing(one.on).select_related("owner_department").get(name=one.plot)
    place = Place(Division.objects.get(path=version.division_path), version.owner_department)
    asked = Asked(
        ground, one.act, one.use, one.on, scheme=SCHEME, current_use="1001", current_scheme=SCHEME,
        untouched=one.untouched, profile=adopted(version.division_path, one.on),
    )  # fmt: skip
    gate.ask(asked, place, Said(one.project, document=one.document), by=actor(one.who, one.on), at=moment(one.on))


def _adopt() -> None:
    """Somebody looked for local rules of the district and wrote down that there are none."""
    if clock.today() >= ADOPTED:
        office = Department.objects.select_related("division").get(name=OFFICE)
        by, place = actor(OFFICER, ADOPTED), Place(office.division, office)
        profiles.adopt(NONE, "青环函〔2026〕86号", ADOPTED, place, by=by, at=moment(ADOPTED))


def _opinions(folder: Path) -> None:
    """Natural resources asked for two opinions; one was answered with a letter."""
    if clock.today() < REQUESTED:
        return
    held = {one.project: one for one in GateQuery.objects.all()}
    said = {
        "incoming": "青自然资函〔2026〕90号", "asked_on": REQUESTED, "due": date(2026, 11, 12), "due_note": "",
        "asked_from": Department.objects.get(name="青禾区自然资源局"), "asked_of": Department.objects.get(name=OFFICE),
    }  # fmt: skip
    first = opinions.request(held["农药厂片区改造居住"], said, by=actor("tangyu", REQUESTED), at=moment(REQUESTED))
    if clock.today() >= ANSWERED:
        answer = {"answer": ANSWER, "outgoing": "青环函〔2026〕87号", "answered_on": ANSWERED}
        letter = Proof("复函.pdf", (folder / "复函.pdf").read_bytes())
        opinions.answer(first, answer, letter, by=actor(OFFICER, ANSWERED), at=moment(ANSWERED))
    if (on := WAITING.on) <= clock.today():
        said |= {"incoming": WAITING.document, "asked_on": on, "due": date(2026, 12, 1)}
        opinions.request(held[WAITING.project], said, by=actor("tangyu", on), at=moment(on))


def _province(folder: Path) -> None:
    """The national system was looked up for the clear ground, and the gate asked anew."""
    found = GateQuery.objects.filter(project="皮件厂地块供地").first()
    if found is None or clock.today() < LOOKED_UP:
        return
    picture = ("系统查询截图.pdf", (folder / "系统查询截图.pdf").read_bytes())
    said = National(
        LOOKED_UP, "林岚", found=True, result="系统显示该地块调查已备案，结论为未超标。", picture=picture,
        stage="released", restricted=False,
    )  # fmt: skip
    after.province(found, said, by=actor(OFFICER, LOOKED_UP), at=moment(LOOKED_UP))


def _watches() -> None:
    """One finding of the watches became a problem and was handed over, one was set aside."""
    if clock.today() < WATCHED:
        return
    by, at = actor(OFFICER, WATCHED), moment(WATCHED)
    held = {one.plot.version.name: one for one in found_by.watched(by, WATCHED)}
    unit = Department.objects.get(name=SUPPLIER)
    problem = watches.take(held[SOLD], by=by, at=at)
    problems.assign(problem, Order(unit, DEMAND, date(2026, 12, 31)), Done(by, at))
    watches.dismiss(held[PARKED], NOT_USED, by=by, at=at)


def _ask_layer(folder: Path, one: Layer) -> None:
    """All of a layer, answered row by row and kept with its table."""
    by, at, path = actor(one.who, one.on), moment(one.on), folder / one.file
    order = Asking(one.title, one.act, one.on, scheme=SCHEME)
    made = batch.begin(order, (path.name, path.read_bytes()), by=by, at=at)
    rows = [(facts, shape) for shape, facts in features(path)]
    batch.run(made, order, rows, by=by, at=at, step=lambda _done, _total: None)

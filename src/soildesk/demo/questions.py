"""What offices of the example asked the gate, and what they were answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from soildesk.core import clock
from soildesk.core.models import Division
from soildesk.decisions.queries.facts import Asked
from soildesk.decisions.services import gate
from soildesk.decisions.services.gate import Said
from soildesk.demo.monitoring import actor, moment
from soildesk.demo.plots import features
from soildesk.land.services.writing import Place
from soildesk.plots.models import PlotVersion

SCHEME = "guide2023"


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
    Question(date(2026, 11, 17), "tangyu", "原青禾铅笔厂地块", "供地", "0701", "铅笔厂地块住宅项目", "青自然资函〔2026〕97号"),
)  # fmt: skip


def tell(folder: Path) -> None:
    """Every question until today, on its day; each answer is kept."""
    grounds = {facts["名称"]: shape for shape, facts in features(folder / "地块.geojson")}
    for one in ASKED:
        if one.on <= clock.today():
            by = actor(one.who, one.on)
            version = PlotVersion.objects.standing(one.on).select_related("owner_department").get(name=one.plot)
            place = Place(Division.objects.get(path=version.division_path), version.owner_department)
            asked = Asked(
                grounds[one.plot], one.act, one.use, one.on, scheme=SCHEME, current_use="1001", current_scheme=SCHEME,
                untouched=one.untouched,
            )  # fmt: skip
            gate.ask(asked, place, Said(project=one.project, document=one.document), by=by, at=moment(one.on))

"""What the example's firms filed: accepted, waiting, returned, begun, entered from paper, and released to the public."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from soildesk.core import clock
from soildesk.core.models import Person
from soildesk.demo.monitoring import actor, moment
from soildesk.enterprises.models import EnterpriseVersion, Filing
from soildesk.enterprises.services import filingreview, filings, representatives
from soildesk.enterprises.services.filings import What

OFFICER, SECOND, INDUSTRY = "linlan", "zhouzheng", "hanlei"
SPEAKERS = (
    ("gufan", "华新铸造有限公司"),
    ("panyi", "青禾电镀有限公司"),
    ("mojie", "云泽精细化工有限公司"),
    ("shangyu", "瑞丰农药助剂有限公司"),
    ("xuqing", "云泽精细化工有限公司"),
    ("xuqing", "青禾热镀锌有限公司"),
)
"""Who files for which firm; the last is a consultant, whom two firms let file for them."""
SPEAKS_SINCE = date(2026, 1, 5)
K = Filing.Kind
Entries = Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """What an office did with a filing: the day, who, accept, give_back, receipt or release, and what was said."""

    day: date
    who: str
    what: str
    said: str = ""


@dataclass(frozen=True)
class Filed:
    """One filing: of whom, by whom, what; sent on a day or only begun."""

    firm: str
    who: str
    kind: Filing.Kind
    begun: date
    sent: date | None
    entries: Entries
    subject: str = ""
    paper: str = ""
    steps: tuple[Step, ...] = field(default=())


def _toxic(name: str, way: str, amount: str, outlet: str) -> Entries:
    return {
        "year": "2025",
        "none": "no",
        "substances": [{"name": name, "way": way, "amount": amount, "outlet": outlet}],
    }


DEMOLISHING: Entries = {
    "basics": "yes",
    "techniques": "yes",
    "surroundings": "yes",
    "emergency": "yes",
    "residues": "yes",
}
FILED = (
    Filed(
        "青禾电镀有限公司", "panyi", K.TOXIC_REPORT, date(2026, 2, 9), date(2026, 2, 11),
        {"year": "2025", "none": "no", "substances": [
            {"name": "六价铬", "way": "water", "amount": "12.5", "outlet": "DW001"},
            {"name": "镍及其化合物", "way": "water", "amount": "31.2", "outlet": "DW001"},
        ]},
        steps=(Step(date(2026, 2, 13), OFFICER, "accept"), Step(date(2026, 3, 2), OFFICER, "release")),
    ),
    Filed("华新铸造有限公司", "gufan", K.TOXIC_REPORT, date(2026, 2, 24), date(2026, 2, 26),
          _toxic("铅及其化合物", "air", "3.1", "DA002"), steps=(Step(date(2026, 3, 2), OFFICER, "accept"),)),
    Filed("云泽精细化工有限公司", "mojie", K.TOXIC_REPORT, date(2026, 3, 3), date(2026, 3, 6), _toxic("苯", "air", "58.0", "DA001"),
          steps=(Step(date(2026, 3, 10), OFFICER, "accept"), Step(date(2026, 3, 16), OFFICER, "release"))),
    Filed("青禾涂料有限公司", OFFICER, K.TOXIC_REPORT, date(2026, 3, 12), date(2026, 3, 11), _toxic("甲苯", "air", "44.6", "DA003"),
          steps=(Step(date(2026, 3, 17), SECOND, "accept", "纸质材料已核对。"),)),
    Filed("青禾电镀有限公司", "panyi", K.LETTER, date(2026, 3, 24), date(2026, 3, 25),
          {"signed_on": "2026-03-20", "authority": "青禾区人民政府"}, paper="责任书",
          steps=(Step(date(2026, 3, 27), OFFICER, "accept"), Step(date(2026, 4, 2), OFFICER, "release"))),
    Filed(
        "青禾电镀有限公司", "panyi", K.HAZARD_REPORT, date(2026, 3, 23), date(2026, 3, 27),
        {"finished_on": "2026-03-20", "edition": "公告2021年第1号", "inspector": "青禾电镀有限公司安全环保部", "found": "5", "rectified": "0"},
        "2026年第一次", "隐患排查报告", (Step(date(2026, 4, 1), OFFICER, "accept", "隐患整改在台账中办理。"),),
    ),
    Filed(
        "青禾热镀锌有限公司", OFFICER, K.SELFMON_DATA, date(2026, 6, 24), date(2026, 6, 23),
        {"sampled_on": "2026-06-03", "medium": "groundwater", "points": "3", "exceeded": "0"},
        "2026年上半年地下水", "自行监测报告", (Step(date(2026, 6, 29), SECOND, "accept", "锌较前次升高，已另行立项调查。"),),
    ),
    Filed("云泽精细化工有限公司", "mojie", K.INSURANCE, date(2026, 7, 6), date(2026, 7, 6),
          {"insurer": "青禾财产保险有限公司", "policy": "QH-2026-0117", "since": "2026-07-01", "until": "2027-06-30", "amount": "500"},
          "2026年度", steps=(Step(date(2026, 7, 9), OFFICER, "accept"),)),
    Filed(
        "青禾涂料有限公司", OFFICER, K.DEMOLITION_PLAN, date(2026, 11, 4), date(2026, 11, 3),
        {**DEMOLISHING, "planned_start": "2026-12-15", "planned_end": "2027-01-31"}, "旧树脂车间拆除", "拆除活动污染防治方案",
        (
            Step(date(2026, 11, 6), OFFICER, "receipt", "青环拆备〔2026〕3号"),
            Step(date(2026, 11, 9), INDUSTRY, "receipt", "青工信拆备〔2026〕5号"),
            Step(date(2026, 11, 10), SECOND, "accept", "已向两个部门备案。"),
        ),
    ),
    Filed(
        "云泽精细化工有限公司", "mojie", K.SELFMON_PLAN, date(2026, 11, 2), date(2026, 11, 9),
        {
            "valid_from": "2027-01-01", "first_units": "2", "second_units": "1",
            "points": [
                {"code": "S1", "medium": "soil", "unit": "单元A", "analytes": "苯、甲苯、石油烃", "times": "1"},
                {"code": "W1", "medium": "groundwater", "unit": "单元A", "analytes": "苯、甲苯", "times": "1"},
            ],
        },
        "2026年修订", "自行监测方案",
        (Step(date(2026, 11, 13), OFFICER, "give_back", "一类单元的地下水每半年监测一次，方案写每年一次；单元B没有布设点位。请补充后重报。"),),
    ),
    Filed("瑞丰农药助剂有限公司", "shangyu", K.DEMOLITION_PLAN, date(2026, 11, 16), date(2026, 11, 18),
          {**DEMOLISHING, "planned_start": "2026-09-10"}, "老合成车间拆除", "拆除活动污染防治方案"),
    Filed("青禾电镀有限公司", "panyi", K.SELFMON_DATA, date(2026, 11, 17), date(2026, 11, 19),
          {"sampled_on": "2026-11-04", "medium": "both", "points": "6", "exceeded": "1"}, "2026年第四季度", "自行监测报告"),
    Filed("华新铸造有限公司", "gufan", K.HAZARD_REPORT, date(2026, 11, 20), None,
          {"edition": "HJ 1478-2026", "inspector": "华新铸造有限公司"}, "2026年排查"),
)  # fmt: skip


def speak(by_name: Mapping[str, EnterpriseVersion]) -> None:
    """Who speaks for which firm."""
    by, at = actor(OFFICER, SPEAKS_SINCE), moment(SPEAKS_SINCE)
    for username, name in SPEAKERS:
        person = Person.objects.get(username=username)
        representatives.grant(person, by_name[name].enterprise, since=SPEAKS_SINCE, by=by, at=at)


def tell(folder: Path, by_name: Mapping[str, EnterpriseVersion]) -> None:
    """Every filing and what became of it, as far as today."""
    for one in sorted(FILED, key=lambda one: one.begun):
        if one.begun <= clock.today():
            _filed(one, by_name[one.firm], folder)


def _filed(one: Filed, firm: EnterpriseVersion, folder: Path) -> None:
    by, at = actor(one.who, one.begun), moment(one.begun, 9)
    filing = filings.draft(firm, What(one.kind, str(one.begun.year), one.subject), by=by, at=at)
    filings.save(filing, {**filing.data, **one.entries}, by=by, at=at)
    if one.paper:
        data = (folder / f"{one.paper}.pdf").read_bytes()
        filings.attach(filing, data=data, name=f"{one.paper}.pdf", by=by, at=at)
    sent = max(one.sent, one.begun) if one.sent else None  # paper comes in first and is entered then
    if sent is None or sent > clock.today():
        return
    filing = filings.submit(filing, by=actor(one.who, sent), at=moment(sent, 16), on=one.sent)
    for step in one.steps:
        if step.day <= clock.today():
            _stepped(filing, step)


def _stepped(filing: Filing, step: Step) -> None:
    said = {"by": actor(step.who, step.day), "at": moment(step.day, 15)}
    acts: Mapping[str, Any] = {
        "accept": partial(filingreview.accept, note=step.said),
        "give_back": partial(filingreview.give_back, why=step.said),
        "receipt": partial(filingreview.receipt, number=step.said),
        "release": filingreview.release,
    }
    acts[step.what](filing, **said)

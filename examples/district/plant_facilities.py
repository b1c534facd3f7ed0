"""What stands inside the plants of the made-up district: facilities by kind of works, and where leaks are not easily seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

YES, NO = "是", "否"
PLATING = "青禾电镀有限公司"  # the plant whose drawing and inspection are told whole
UNREGISTERED = {"青禾化肥有限公司", "云泽有色金属加工有限公司"}  # nobody has registered anything yet
UNCLEAR = "东方机械加工有限公司"  # a pool of which nobody said whether its leaks would be seen
FIRST, SECOND = "一类单元", "二类单元"


@dataclass(frozen=True)
class Facility:
    """One facility: our words for it, its kind of the guide, whether leaks are hidden, and its place on the drawing."""

    code: str
    name: str
    kind: str
    area: str
    hidden: str
    substances: str = ""
    activity: str = ""
    unit: str = ""
    unit_class: str = ""
    since: date | None = None
    years: str = ""
    spec: str = ""
    at: tuple[float, float] | None = None


OF_PLATING = (
    Facility("D-1", "镀铬生产线", "half_open_plant", "电镀车间", NO, "六价铬、镍", "电镀", "单元A", FIRST, at=(0.30, 0.36)),
    Facility("D-2", "镀镍生产线", "half_open_plant", "电镀车间", NO, "镍、氰化物", "电镀", "单元A", FIRST, at=(0.30, 0.52)),
    Facility("W-1", "1#含铬废水调节池", "pool", "污水处理站", YES, "六价铬", "废水处理", "单元B", FIRST, at=(0.71, 0.34)),
    Facility("W-2", "应急事故池", "emergency_pool", "污水处理站", YES, "六价铬、镍", "事故废水收集", "单元B", FIRST, at=(0.88, 0.34)),
    Facility("G-1", "车间至污水站地下管道", "pipeline", "厂区管网", YES, "六价铬、镍", "废水输送", "单元B", FIRST, at=(0.53, 0.44)),
    Facility(
        "T-1", "硫酸埋地储罐", "underground_tank", "原料罐区", YES, "硫酸", "原料储存", "单元C", FIRST,
        since=date(2012, 5, 1), years="20", spec="单层碳钢，30 m³", at=(0.71, 0.67),
    ),
    Facility("C-1", "危险废物贮存库", "hazardous_waste_store", "危废库", NO, "电镀污泥", "危险废物贮存", "单元D", SECOND, at=(0.22, 0.80)),
    Facility("C-2", "化学品库", "packed_goods", "原料罐区", NO, "铬酐", "原料储存", "单元C", SECOND, at=(0.88, 0.67)),
)  # fmt: skip
TANK = Facility(
    "T-1", "埋地储罐", "underground_tank", "罐区", YES, "", "原料储存", "单元B", FIRST, date(2014, 9, 1), "20",
    "双层罐，30 m³",
)  # fmt: skip
OF_OIL = (
    Facility("Y-1", "1#埋地油罐", "underground_tank", "油罐区", YES, "石油烃、苯", "成品油储存", "单元A", FIRST, date(2011, 6, 1), "25", "双层罐，50 m³"),
    Facility("Y-2", "2#埋地油罐", "underground_tank", "油罐区", YES, "石油烃、苯", "成品油储存", "单元A", FIRST, date(2011, 6, 1), "25", "双层罐，50 m³"),
    Facility("Z-1", "装车台", "loading", "装卸区", NO, "石油烃", "成品油装卸", "单元B", SECOND),
)  # fmt: skip
OF_CHEMISTRY = (
    Facility("W-1", "废水调节池", "pool", "污水站", YES, "石油烃", "废水处理", "单元A", FIRST),
    Facility("Z-1", "原料装卸区", "loading", "罐区", NO, "甲苯", "原料装卸", "单元B", SECOND),
    Facility("C-1", "危险废物贮存库", "hazardous_waste_store", "危废库", NO, "", "危险废物贮存", "单元C", SECOND),
)
OF_METAL = (
    Facility("W-1", "酸洗废水池", "pool", "污水站", YES, "锌、镍", "废水处理", "单元A", FIRST),
    Facility("S-1", "酸洗槽", "open_plant", "酸洗车间", NO, "盐酸、锌", "酸洗", "单元B", SECOND),
    Facility("C-1", "危险废物贮存库", "hazardous_waste_store", "危废库", NO, "", "危险废物贮存", "单元C", SECOND),
)
OPEN = (
    Facility("S-1", "生产车间", "workshop", "生产区", NO, "", "生产", "单元A", SECOND),
    Facility("L-1", "一般工业固体废物贮存场", "solid_waste_store", "固废场", NO, "", "固体废物贮存", "单元B", SECOND),
)
METAL = {"3360", "3212", "3240", "3843", "3982", "1910", "7724"}


def facilities(name: str, industry: str, tanks: str) -> Iterator[Facility]:
    """The facilities of a plant, by what is made there."""
    if name in UNREGISTERED:
        return
    if name == PLATING:
        yield from OF_PLATING
    elif name == UNCLEAR:
        yield from (*OPEN, Facility("W-1", "乳化液收集池", "pool", "机加车间", "", "石油烃"))
    elif industry == "5941":
        yield from OF_OIL
    else:
        usual = OF_METAL if industry in METAL else OF_CHEMISTRY if industry[:2] in ("26", "27", "17") else OPEN
        yield from (*usual, TANK) if tanks == YES else usual


def is_hidden(name: str, industry: str, tanks: str) -> bool:
    """Whether a plant has a facility whose leaks are not easily seen."""
    return any(one.hidden == YES for one in facilities(name, industry, tanks))

"""Safe use of the example: measures of 2024 and 2025 with evidence, plans, a zone, tasks of towns, techniques, approved rates.

What is missing is part of the story: some ground has no measure, some measures wait for their evidence, one town is behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from soildesk.core import clock
from soildesk.core.models import Department, Division
from soildesk.core.permissions import Actor
from soildesk.demo import monitoring
from soildesk.demo.monitoring import moment
from soildesk.farmland.models import AreaTask, Technique, UnitVersion, UsePlan
from soildesk.farmland.mu import to_m2
from soildesk.farmland.queries import classes
from soildesk.farmland.queries.covered import area_of
from soildesk.farmland.services import library, measures, plans_of_use, rates, tasks_of_area, zones
from soildesk.farmland.services.keeping import Paper
from soildesk.farmland.services.measures import Done
from soildesk.farmland.services.plans_of_use import Approval, Made
from soildesk.farmland.services.rates import Approved
from soildesk.farmland.services.tasks_of_area import Given
from soildesk.farmland.services.zones import Proposed
from soildesk.land.services.writing import Place

FARMER, GOVERNMENT, PROVINCE = "maijia", "青禾区人民政府", "示例省农业农村厅"
YEARS = (2024, 2025)
SAFE = ("variety", "liming", "foliar", "water", "passivation", "fertilisation")
STRICT = ("crop_structure", "fallow", "crop_structure")
CROPS = {"crop_structure": "苎麻", "fallow": ""}
TEXT = "示例文件，纯属虚构。{title}\n"
LIBRARY = (  # what, name, measure, crop, elements, dose, source, recommended
    ("variety", "禾优低镉 1 号（示例）", "variety", "水稻", "镉", "常规栽培", "示例省种植业推荐清单（2024）", True),
    (
        "technique",
        "石灰调节酸碱度",
        "liming",
        "水稻、小麦",
        "镉、铅",
        "每亩 100 至 150 千克，翻耕前撒施",
        "区农业农村局田间试验（2023）",
        True,
    ),
    (
        "technique",
        "叶面喷施硅肥",
        "foliar",
        "水稻",
        "镉",
        "孕穗期、灌浆期各一次",
        "区农业农村局田间试验（2023）",
        False,
    ),
    ("variety", "青粳 7 号（示例）", "", "水稻", "镉", "常规栽培", "区农业农村局品种比选（2024）", False),
)
LISTED = (  # put on the recommended list later, and taken off again: name, from, by which paper, until, why
    ("叶面喷施硅肥", date(2025, 3, 6), "青农〔2025〕9号（示例）", None, ""),
    (
        "青粳 7 号（示例）",
        date(2025, 3, 6),
        "青农〔2025〕9号（示例）",
        date(2026, 2, 24),
        "2025 年协同监测两个点稻谷镉超标，青农〔2026〕6号（示例）",
    ),
)


def tell() -> None:
    """Everything, as the farming office took it in."""
    by = monitoring.actor(FARMER, clock.today())
    office = Department.objects.select_related("division").get(people__username=FARMER)
    place = Place(office.division, office)
    safe, strict = _held("safe_use"), _held("strict")
    made = _library(place, by)
    plans = _plans(strict, place, by)
    for year in YEARS:
        _measures(safe, strict, year, made, plans, by)
    _zone(strict, place, by)
    _tasks(safe, strict, by)
    _guidance(safe, place, by)
    _rates(office.division, by)


def _held(farmland_class: str, on: date | None = None) -> list[UnitVersion]:
    """Cropland of a class on a day (today), in the order of their numbers."""
    day = on or clock.today()
    rows = UnitVersion.objects.standing(day).filter(ground="cropland").select_related("unit")
    found = list(rows.order_by("unit__number"))
    held = classes.classes_of([one.unit_id for one in found], day)
    return [one for one in found if one.unit_id in held and held[one.unit_id].farmland_class == farmland_class]


def _library(place: Place, by: Actor) -> dict[str, Technique]:
    made = {}
    names = ("what", "name", "measure", "crop", "elements", "dose", "source", "recommended")
    for row in LIBRARY:
        facts = dict(zip(names, row, strict=True))
        made[str(facts["name"])] = library.add(facts, place, by=by, at=moment(date(2024, 2, 20)))
    for name, on, document, until, why in LISTED:
        library.recommend(made[name], on, document, by=by, at=moment(on))
        if until:
            library.strike(made[name], until, why, by=by, at=moment(until))
    return {one.measure: one for one in made.values() if one.measure}


def _plans(strict: Sequence[UnitVersion], place: Place, by: Actor) -> dict[str, UsePlan]:
    """Safe use for three years, approved and uploaded; this year's for strict control is still without training."""
    blocks = {
        "agronomy": "低积累品种替代，石灰调节，叶面调控，优化水肥",
        "monitoring": "每季收获前开展土壤和农产品协同监测，次年一季度评价",
        "training": "每年对种植大户、合作社培训不少于两次",
        "other": "灌溉水源排查，投入品重金属抽检",
    }
    made = Made("safe_use", "青禾区受污染耕地安全利用方案（2024—2026年）", 2024, 2026, date(2024, 3, 5), **blocks)
    units = _held("safe_use", made.made_on)
    first = plans_of_use.make(made, units, place, by=by, at=moment(made.made_on))
    paper = Paper(TEXT.format(title=made.title).encode(), "批复.txt", "approval")
    at = moment(date(2024, 3, 29))
    plans_of_use.approve(first, Approval("青政函〔2024〕18号", GOVERNMENT, date(2024, 3, 28)), paper, by=by, at=at)
    plans_of_use.upload(first, "AQLY-990101-2024-01", date(2024, 4, 9), by=by, at=moment(date(2024, 4, 9)))
    year = Made("year", "青禾区2026年耕地安全利用年度工作方案", 2026, 2026, date(2026, 4, 20))
    plans_of_use.make(year, [], place, by=by, at=moment(year.made_on))
    found = {"safe_use": first}
    if strict:
        said = {key: blocks[key] for key in ("monitoring", "other")}
        made = Made("strict", "青禾区严格管控类耕地风险管控方案（2025—2026年）", 2025, 2026, date(2025, 2, 18), **said)
        found["strict"] = plans_of_use.make(made, strict, place, by=by, at=moment(made.made_on))
    return found


def _measures(
    safe: Sequence[UnitVersion], strict: Sequence[UnitVersion], year: int, made: dict[str, Technique], plans: dict[str, UsePlan], *rest: Actor
) -> None:  # fmt: skip
    """Most of the ground, a part of some units, none on a few; a few wait for evidence."""
    (by,) = rest
    for kinds, units, plan in ((SAFE, safe, plans["safe_use"]), (STRICT, strict, plans.get("strict"))):
        for at, unit in enumerate(units):
            kind, place_in = kinds[at % len(kinds)], (at + year) % 13
            held = measures.class_then(unit, year, by)
            if (
                place_in == 0
                or unit.since > date(year, 1, 1)
                or held is None
                or kind not in _kinds_of(held.farmland_class)
            ):
                continue
            day = date(year, 4, 10) + timedelta(days=at * 5 % 150)
            proof = {} if place_in == 1 else {"evidence": "image", "evidence_name": f"{year}年措施照片（{unit.code}）"}
            area = area_of(unit, held) * (Decimal("0.6") if place_in == 2 else 1)
            done = Done(
                year, kind, area.quantize(Decimal("0.01")), started_on=day - timedelta(days=6), finished_on=day,
                cost_yuan=Decimal(1200 + at % 7 * 150), doer="青禾区农业技术推广中心（示例）", crop=CROPS.get(kind, unit.crop.split("、")[0]),
                technique=made.get(kind), plan=plan if plan and plan.first_year <= year else None, **proof,
            )  # fmt: skip
            measures.record(unit, done, by=by, at=moment(day + timedelta(days=3)))


def _kinds_of(farmland_class: str) -> tuple[str, ...]:
    return {"safe_use": SAFE, "strict": STRICT}.get(farmland_class, ())


def _zone(strict: Sequence[UnitVersion], place: Place, by: Actor) -> None:
    """One zone announced, one that waits for the government."""
    if len(strict) < 2:
        return
    half = max(1, len(strict) // 2)
    said = Proposed(
        "青禾区特定农产品禁止生产区域（第一批）", "水稻、小麦、玉米", date(2025, 1, 20), proposal="青农〔2025〕6号"
    )
    zone = zones.propose(said, strict[:half], place, by=by, at=moment(said.proposed_on))
    paper = Paper(TEXT.format(title=said.name).encode(), "批复.txt", "approval")
    approval = Approval("青政函〔2025〕11号", GOVERNMENT, date(2025, 2, 25))
    zones.approve(zone, approval, paper, by=by, at=moment(date(2025, 2, 26)))
    notice = Paper(TEXT.format(title="公告").encode(), "公告.txt", "announcement")
    zones.announce(
        zone,
        date(2025, 3, 3),
        "https://www.example.gov.cn/nyj/gg/2025-03-03",
        notice,
        by=by,
        at=moment(date(2025, 3, 3)),
    )
    more = Proposed(
        "青禾区特定农产品禁止生产区域（第二批）", "水稻、小麦、玉米", date(2026, 9, 8), proposal="青农〔2026〕41号"
    )
    zones.propose(more, strict[half:], place, by=by, at=moment(more.proposed_on))


def _tasks(safe: Sequence[UnitVersion], strict: Sequence[UnitVersion], by: Actor) -> None:
    """Each town has its units of 2025 as its task."""
    for kind, units in ((AreaTask.Kind.SAFE_USE, safe), (AreaTask.Kind.STRICT, strict)):
        for path in sorted({one.division_path for one in units}):
            town = Division.objects.get(path=path, until=None)
            office = Department.objects.filter(division=town, kind="town").first()
            own = [one for one in units if one.division_path == path]
            held = classes.classes_of([one.unit_id for one in own], date(2025, 12, 31))
            area = sum((area_of(one, held.get(one.unit_id)) for one in own), Decimal(0))
            if office is None:
                continue
            said = Given(2025, kind, town, office, to_m2(int(area * 15 / 10000)), date(2025, 11, 30), "青农〔2025〕9号")
            tasks_of_area.give(said, by=by, at=moment(date(2025, 3, 10)))


def _guidance(safe: Sequence[UnitVersion], place: Place, by: Actor) -> None:
    rows = (
        ("training", date(2025, 3, 21), "受污染耕地安全利用技术培训", "区文化中心", "示例省农业科学院", 86, ""),
        (
            "visit",
            date(2025, 6, 12),
            "水稻孕穗期叶面调控现场指导",
            "柳溪镇",
            "安全利用类耕地专家指导组",
            12,
            "孕穗期保持浅水层，按量喷施",
        ),
    )
    names = ("kind", "on", "topic", "place", "experts", "attendees", "advice")
    for row in rows:
        facts = dict(zip(names, row, strict=True))
        library.guide(facts, safe[:6], place, by=by, at=moment(row[1]))


def _rates(county: Division, by: Actor) -> None:
    """2024 approved and not yet explained; 2025 not yet approved."""
    said = Approved(2024, county, Decimal("93.12"), "示农发〔2025〕17号", PROVINCE, date(2025, 4, 30), "classes2021")
    rates.register(said, by=by, at=moment(date(2025, 5, 8)))

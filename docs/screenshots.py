"""Takes the pictures of the documentation from a running demo; started by bin/screenshots.

python docs/screenshots.py READY_LINE FOLDER [NAME …]: all of them, or those named
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

READY = re.compile(r"SoilDesk is ready at (?P<url>\S+) — user (?P<user>\S+), password (?P<password>\S+)")
CHROMIUM = "/usr/bin/chromium"
GRAPHICS = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]  # maps without a graphics card
PLANS = Path(__file__).resolve().parent.parent / "examples" / "district" / "plans"
GROUND = PLANS.parent / "ground"
EXAMPLE = PLANS / "青禾区2026年土壤污染防治工作方案.txt"


@dataclass(frozen=True)
class Picture:
    """One picture: its file, the page it is taken of, and what to do there first."""

    name: str
    path: str
    act: Callable[[Page], None] = lambda page: None
    width_px: int = 1440
    height_px: int = 900
    user: str = ""  # somebody else of the demo; all have one password


def read_in(page: Page) -> None:
    """Take the district's plan in once more as a new edition, which opens the review."""
    page.set_input_files("input[type=file]", EXAMPLE)
    page.get_by_role("button", name="作为新版本导入").click()
    page.wait_for_url(re.compile("/review/"))
    page.wait_for_load_state("networkidle")
    for _ in range(3):
        page.keyboard.press("j")  # to the third task, its place in the document beside it


def open_first(words: str) -> Callable[[Page], None]:
    """Follow the first link of the page's content with these words."""

    def follow(page: Page) -> None:
        page.locator("main").get_by_role("link", name=words).first.click()

    return follow


def open_each(*links: str) -> Callable[[Page], None]:
    """Follow links of the page's content one after the other."""

    def follow(page: Page) -> None:
        for words in links:
            open_first(words)(page)

    return follow


def drawn(page: Page) -> None:
    """Wait until the map has all its tiles; the page's policy forbids the browser's own waiting for a text of script."""
    page.wait_for_selector("[data-ready]", state="attached", timeout=30_000)
    for _ in range(100):
        page.wait_for_timeout(100)
        if page.evaluate("() => window.deskMap.map.areTilesLoaded()"):
            break
    page.wait_for_timeout(1500)  # labels fade in


def find_on_map(page: Page) -> None:
    """Go to the works that gave half of its lot away: its card opens beside the map."""
    page.locator(".map-find input").fill("青禾化肥厂-1")
    page.locator("#map-found [data-hit]").first.click()
    page.locator("#map-card h2").first.wait_for()
    for _ in range(3):
        page.wait_for_timeout(1000)
        page.get_by_role("button", name="缩小").click()
    drawn(page)


def drawn_sheet(page: Page) -> None:
    """Wait for the preview of the sheet."""
    page.locator(".sheet-image").evaluate("image => image.decode()")


def open_with_map(words: str) -> Callable[[Page], None]:
    """Follow the first link with these words to a record that has a small map, and wait until it is drawn."""

    def follow(page: Page) -> None:
        open_first(words)(page)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(2500)

    return follow


def judge_file(page: Page) -> None:
    """Bring a file with faults, take over what the desk understood of it, and see every row's fate."""
    page.locator("input[type=file]").set_input_files(
        {"name": "2026年变更宗地.geojson", "mimeType": "application/geo+json", "buffer": changed_lots()}
    )
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state("networkidle")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state("networkidle")


def changed_lots() -> bytes:
    """Lots of the example as a bureau might send them next: one changed, one new, one that crosses itself, one as it was."""
    told = json.loads((GROUND / "宗地.geojson").read_text(encoding="utf-8"))
    same, changed, new, crossed = (json.loads(json.dumps(each)) for each in told["features"][:4])
    changed["properties"]["使用权人"] = "青禾区土地储备中心"
    new["properties"] |= {"宗地代码": "990101001GB00991", "名称": "城关街道新增宗地"}
    new["geometry"]["coordinates"] = [[[x - 0.008, y] for x, y in ring] for ring in new["geometry"]["coordinates"]]
    ring = crossed["geometry"]["coordinates"][0]
    half = len(ring) // 2
    ring[1:half] = reversed(ring[1:half])
    told["features"] = [same, changed, new, crossed]
    return json.dumps(told, ensure_ascii=False).encode()


def begin_walk(page: Page) -> None:
    """Go on with the inspection that is under way, at the first facility that is not looked at yet."""
    for words in ("PC-990101-2015-00011", "继续排查", "一般工业固体废物贮存场"):
        page.locator("main").get_by_role("link", name=words).first.click()
        page.wait_for_load_state("networkidle")


def to_part(words: str, part: str) -> Callable[[Page], None]:
    """Follow the first link with these words and go to a part of its page."""

    def follow(page: Page) -> None:
        open_first(words)(page)
        page.locator(part).scroll_into_view_if_needed()
        page.locator(part).evaluate("part => part.scrollIntoView()")

    return follow


def begin_round(page: Page) -> None:
    """Go a round at the control zone, and say what was seen."""
    open_first("硫铁矿堆场")(page)
    page.locator("input[name=spread][value='0']").check()
    page.evaluate("window.scrollTo(0, 0)")


RISK_SITE = "原青禾农药厂地块"
FARMLAND = """样品编号\t用地类型\t采样日期\tpH\t镉(mg/kg)\t汞(mg/kg)\t砷(mg/kg)\t铅(mg/kg)
DX-01\t水田\t2026-09-08\t5.4\t0.42\t0.11\t18.6\t42
DX-02\t水田\t2026-09-08\t5.6\t0.38\t0.09\t16.2\t38
DX-03\t水田\t2026-09-08\t5.1\t1.62\t0.13\t21.0\t55"""


def paste(page: Page) -> None:
    """Paste a table and name its standard."""
    page.get_by_label("执行标准").select_option("gb15618")
    page.get_by_label("在这里粘贴").fill(FARMLAND)


def ask_why(page: Page) -> None:
    """Open the farmland judgement, leave what exceeds control, and ask why."""
    open_first("白鹭镇东圩村农用地土壤2026年9月")(page)
    page.locator(".verdict-exceeds_control a").click()
    page.locator("[data-why]").first.click()
    page.evaluate("window.scrollTo(0, 0)")


PICTURES = [
    Picture("today.png", "/"),
    Picture("begin.png", "/begin/", height_px=700),
    Picture("review.png", "/plans/new/", read_in),
    Picture("ledger.png", "/plans/ledger/"),
    Picture("overview.png", "/plans/?phase=in_force", open_first("青禾区2026年土壤污染防治工作方案")),
    Picture(
        "changes.png",
        "/plans/?phase=in_force",
        open_each("青禾区2025—2026年地下水污染防治工作安排（调整）", "与上一版比较"),
        height_px=560,
    ),
    Picture("task.png", "/plans/ledger/?q=隐患排查义务", open_first("落实重点监管单位隐患排查义务")),
    Picture("judge-new.png", "/standards/judge/", paste, height_px=1010),
    Picture("judge-result.png", "/standards/evaluations/", ask_why, height_px=1210),
    Picture(
        "judge-compare.png", "/standards/evaluations/", open_each("（按第二类用地）", "看哪些结论变了"), height_px=820
    ),
    Picture("standards-edition.png", "/standards/library/", open_first("GB 15618-2018")),
    Picture("risk-entry.png", "/standards/risk/", open_each(RISK_SITE, "改动后再评估"), height_px=1300),
    Picture("risk-run.png", "/standards/risk/", open_each(RISK_SITE, "第 2 次"), height_px=1180),
    Picture(
        "map.png", "/map/?layers=parcels,water_source,red_line,parks,control_areas,unused_land,patrols", find_on_map
    ),
    Picture(
        "map-sheet.png",
        "/map/sheet?layers=parcels,water_source,red_line,parks&title=青禾区地块与保护区分布图",
        drawn_sheet,
        height_px=1000,
    ),
    Picture("parcel.png", "/kit/r/parcels/?q=化肥厂", open_with_map("DK-"), height_px=1010),
    Picture("gis-preview.png", "/kit/gis/import?into=parcels", judge_file, height_px=1200),
    Picture("campaign.png", "/kit/r/campaigns/", open_first("2026-00002"), height_px=1100),
    Picture("verdicts.png", "/monitoring/verdicts/", open_first("2026年秋季"), height_px=1010),
    Picture("alert.png", "/kit/r/alerts/?q=β", open_with_map("YJ-"), height_px=1100),
    Picture("batch.png", "/kit/r/batches/?q=第二批", open_first("PC-"), height_px=1100),
    Picture("enterprise.png", "/kit/r/enterprises/?q=青禾电镀", open_with_map("QY-"), height_px=1100),
    Picture("duties.png", "/enterprises/duties/?year=2026", height_px=1010),
    Picture("duty-card.png", "/enterprises/duties/?year=2026", open_first("瑞丰农药助剂有限公司"), height_px=1100),
    Picture("plant.png", "/kit/r/plant_plans/", open_first("厂区平面布置图"), height_px=1100),
    Picture("hazard.png", "/kit/r/hazards/?q=危废库", open_first("YH-"), height_px=1010),
    Picture("walk-phone.png", "/kit/r/inspections/", begin_walk, width_px=390, height_px=844),
    Picture("own-phone.png", "/enterprises/own/", width_px=390, height_px=844, user="gufan"),
    Picture("filing.png", "/kit/r/filings/?q=老合成车间", open_first("SB-"), height_px=1010),
    Picture("problems.png", "/kit/r/problems/", height_px=1010),
    Picture("problem.png", "/kit/r/problems/?q=老合成车间拆除）", open_first("WT-"), height_px=1210),
    Picture("lot.png", "/kit/r/inspection_plans/", open_first("JC-"), height_px=1010),
    Picture("plots.png", "/kit/r/plots/", height_px=1010),
    Picture("plot.png", "/kit/r/plots/?q=化学试剂厂", open_with_map("JD-"), height_px=1400),
    Picture("plot-list.png", "/plots/lists/roster/", height_px=1010),
    Picture("candidate.png", "/kit/r/plot_candidates/?q=焦化", open_first("青禾焦化有限公司用地"), height_px=1010),
    Picture("plot-report.png", "/kit/r/plot_reports/?q=农机站", open_with_map("BG-"), height_px=1400),
    Picture("plot-review.png", "/kit/r/plot_reports/?q=砖瓦厂", to_part("BG-", "#rounds"), height_px=1010),
    Picture("first-pass.png", "/plots/first-pass/?year=2025", height_px=900),
    Picture("plot-control.png", "/plots/control/", height_px=900),
    Picture(
        "plot-control-phone.png", "/plots/control/rounds/", begin_round, width_px=390, height_px=844, user="shixin"
    ),
    Picture("gate-batch.png", "/kit/r/gate-batches/?q=供应计划", open_with_map("PC-"), height_px=1100),
    Picture("watches.png", "/decisions/watches", height_px=1010),
    Picture("gate-blocked.png", "/kit/r/gate-queries/?q=农药厂片区", open_with_map("ZR-"), height_px=1500),
    Picture("gate-conditions.png", "/kit/r/gate-queries/?q=第二小学", open_with_map("ZR-"), height_px=1300),
    Picture("slips.png", "/kit/r/slips/", height_px=1010),
    Picture("director.png", "/director/", height_px=1400),
    Picture("round.png", "/kit/r/dispatch_rounds/", open_first("第三季度"), height_px=1300),
    Picture("letter.png", "/kit/r/letters/", open_first("通报〔"), height_px=1200),
    Picture("meeting.png", "/kit/r/meetings/", open_first("第2次联席会议"), height_px=1300),
    Picture("assessment.png", "/kit/r/assessments/", open_first("KH-9901-2026-00001"), height_px=1400),
    Picture("mayor.png", "/reports/mayor", height_px=1300),
    Picture("patrol-phone.png", "/land/patrols/go", open_first("青石荒坡"), width_px=390, height_px=844),
]


def sign_in(page: Page, base: str, user: str, password: str) -> None:
    """Log in as the demo's user."""
    page.goto(base)
    page.fill("input[name=username]", user)
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_url(lambda url: "/login" not in url)
    page.wait_for_load_state("networkidle")


def take(page: Page, base: str, picture: Picture, folder: Path) -> None:
    """Take one picture."""
    page.set_viewport_size({"width": picture.width_px, "height": picture.height_px})
    answer = page.goto(base.rstrip("/") + picture.path)
    if answer is None or not answer.ok:
        raise SystemExit(f"{picture.name}: {picture.path} answered {answer and answer.status}, not a page.")
    picture.act(page)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)  # a link followed just now may not have left its page yet
    page.wait_for_load_state("networkidle")
    page.screenshot(path=folder / picture.name)


def main(ready_line: str, folder: Path, names: Collection[str] = ()) -> None:
    """Sign in and take every picture, or those named; people of the demo each have a browser of their own."""
    match = READY.match(ready_line)
    if not match:
        raise SystemExit(f"{ready_line!r} is not the ready line of bin/demo.")
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", *GRAPHICS])
        pages: dict[str, Page] = {}
        for picture in PICTURES:
            if names and picture.name not in names:
                continue
            user = picture.user or match["user"]
            if user not in pages:
                pages[user] = browser.new_page(locale="zh-CN")
                sign_in(pages[user], match["url"], user, match["password"])
            take(pages[user], match["url"], picture, folder)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])

"""Takes the pictures of the documentation from a running demo; started by bin/screenshots.

python docs/screenshots.py READY_LINE FOLDER
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

READY = re.compile(r"SoilDesk is ready at (?P<url>\S+) — user (?P<user>\S+), password (?P<password>\S+)")
CHROMIUM = "/usr/bin/chromium"


@dataclass(frozen=True)
class Picture:
    """One picture: its file, where it is taken, and links to click on the way, by their text."""

    name: str
    path: str
    clicks: tuple[str, ...] = ()
    width_px: int = 1440
    height_px: int = 900


PICTURES = [
    Picture("today.png", "/"),
    Picture("plans.png", "/plans/"),
]


def sign_in(page: Page, base: str, user: str, password: str) -> None:
    """Log in as the demo's user."""
    page.goto(base)
    page.fill("input[name=username]", user)
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_load_state("networkidle")


def take(page: Page, base: str, picture: Picture, folder: Path) -> None:
    """Take one picture."""
    page.set_viewport_size({"width": picture.width_px, "height": picture.height_px})
    page.goto(base.rstrip("/") + picture.path)
    for words in picture.clicks:
        page.get_by_role("link", name=words).first.click()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=folder / picture.name)


def main(ready_line: str, folder: Path) -> None:
    """Sign in and take every picture."""
    match = READY.match(ready_line)
    if not match:
        raise SystemExit(f"{ready_line!r} is not the ready line of bin/demo.")
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(locale="zh-CN")
        sign_in(page, match["url"], match["user"], match["password"])
        for picture in PICTURES:
            take(page, match["url"], picture, folder)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

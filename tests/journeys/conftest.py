"""A browser in front of a running desk: Debian's Chromium, offline, in Chinese."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Response, expect, sync_playwright

from desk.conftest import World, home, world  # noqa: F401 — the small made-up world serves journeys too
from soildesk.core.models import RoleGrant

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
    "--enable-unsafe-swiftshader",  # the map draws without a graphics card
    "--disable-gpu-compositing",  # and nothing else is put through that slow way: pages stand a third sooner
]  # fmt: skip
WIDE, NARROW = 1440, 390
GRAVE = {"serious", "critical"}
VIOLATIONS = "() => axe.run({resultTypes: ['violations']}).then(told => told.violations)"
expect.set_options(timeout=20_000)  # of a machine that runs the other tests beside the browser
# A page shows itself once its scripts listen: the driver's hands are faster than any person's, and what they type before reaches nobody.
SHOWN_WHEN_IT_LISTENS = """
const unseen = new CSSStyleSheet();
unseen.replaceSync("html { visibility: hidden }");
document.adoptedStyleSheets = [unseen];
document.addEventListener("DOMContentLoaded", () => { document.adoptedStyleSheets = []; }, { capture: true });
"""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the whole run."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright's loop runs in the thread of the tests
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield found
        found.close()


OpenDesk = Callable[..., Page]


@pytest.fixture
def open_desk(browser: Browser, live_server: Any) -> Iterator[OpenDesk]:
    """`open_desk(person, "/path", width=1440)`: a page as that person (None: nobody), failing on script or policy errors."""
    contexts, faults = [], []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            faults.append(message.text)

    def hear(answer: Response) -> None:
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            faults.append(f"{answer.status} {answer.url}")

    def open_page(person: Any, path: str = "/", *, width: int = WIDE, height: int = 900) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            accept_downloads=True,
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.on("console", listen)
        context.on("weberror", lambda fault: faults.append(str(fault.error)))
        context.on("response", hear)
        if person is not None:
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_of(person), "url": live_server.url}
            context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        page.add_init_script(SHOWN_WHEN_IT_LISTENS)
        page.goto(live_server.url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    wait_for_the_server()
    assert faults == [], "errors in the browser or the server"


def wait_for_the_server() -> None:
    """Until the last connection is served: an answer still on its way would read from tables being emptied."""
    for thread in threading.enumerate():
        if thread.name.endswith("(process_request_thread)"):
            thread.join(timeout=20)
            assert not thread.is_alive(), "the server still answers a page that was closed"


def session_of(person: Any) -> str:
    """The key of a session in which `person` is logged in."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def follow(link: Locator) -> None:
    """Press what leads to another page and wait until that page stands: the next check is of it, not of the one before."""
    with link.page.expect_navigation():
        link.click()


NEW_PARTS = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added"


def settled(page: Page) -> None:
    """Until the parts just put into the page listen: what is typed into them before reaches nobody."""
    expect(page.locator(NEW_PARTS)).to_have_count(0)


def until(page: Page, script: str, wanted: Any = None) -> None:
    """Until the page's answer is yes, for what no locator sees."""
    for _ in range(200):
        if page.evaluate(script, wanted):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{page.url}: never {script} {wanted}")


FILES_KEPT = """new Promise(done => { const asked = indexedDB.open('soildesk.drafts', 1); asked.onsuccess = () => {
    const keys = asked.result.transaction('files').objectStore('files').getAllKeys();
    keys.onsuccess = () => { asked.result.close(); done(keys.result.length); }; }; })"""
DRAFT_HOLDS = """word => Object.entries(localStorage)
    .some(([key, said]) => key.startsWith('soildesk.draft.') && said.includes(word))"""


def kept_as_draft(page: Page, last: str, files: int = 0) -> None:
    """Until the browser keeps what was typed last, and that many files: a draft is kept a moment after the last key."""
    until(page, DRAFT_HOLDS, last)
    if files:
        until(page, f"wanted => {FILES_KEPT}.then(found => found === wanted)", files)


def assert_axe_clean(page: Page) -> None:
    """No serious or critical fault of accessibility on the page as it stands."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = [fault for fault in page.evaluate(VIOLATIONS) if fault["impact"] in GRAVE]
    told = [f"{fault['impact']} {fault['id']}: {node['html'][:200]}" for fault in found for node in fault["nodes"]]
    assert told == [], f"{page.url}: {len(told)} faults"


STICKS_OUT = """[...document.querySelectorAll("body *")]
    .filter(e => e.getBoundingClientRect().right > window.innerWidth + 1)
    .slice(0, 8).map(e => `${e.tagName}.${e.className} ${Math.round(e.getBoundingClientRect().right)}`)"""
"""What is wider than the window, for the message."""


def assert_fits(page: Page) -> None:
    """Nothing sticks out to the right: the page does not scroll sideways."""
    width, seen = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width <= seen, f"{page.url} is {width} px wide in a window of {seen} px: {page.evaluate(STICKS_OUT)}"


def assert_stands(page: Page) -> None:
    """Clean and without anything sticking out, on a desk and on a phone; no page of ours asks for its width when it loads."""
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": 900})
        assert_axe_clean(page)
        assert_fits(page)


@pytest.fixture(name="assert_axe_clean")
def _assert_axe_clean() -> Callable[[Page], None]:
    """The check as a fixture, for tests that import nothing."""
    return assert_axe_clean


@pytest.fixture(name="assert_fits")
def _assert_fits() -> Callable[[Page], None]:
    """The check as a fixture."""
    return assert_fits


@pytest.fixture(name="assert_stands")
def _assert_stands() -> Callable[[Page], None]:
    """The check as a fixture."""
    return assert_stands


@pytest.fixture
def leader(world: World) -> Any:  # noqa: F811 — the fixture above
    """Somebody who reviews and issues."""
    person = world.people["issuer"]
    RoleGrant.objects.create(person=person, role=RoleGrant.Role.OFFICER, division=world.district)
    return person

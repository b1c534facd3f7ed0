"""What stands on the left: rooms register their pages here when the desk starts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.safestring import SafeString, mark_safe

from soildesk.core.permissions import may
from soildesk.kit.cells import escape, icon

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor

AT_HERE = ' aria-current="page"'


@dataclass(frozen=True, slots=True)
class Entry:
    """One page in the navigation. `key` is the letter after `g`; `count` gives a number beside it (None: none)."""

    section: str
    title: str
    url_name: str
    permission: str = ""
    order: int = 100
    icon: str = "circle"
    key: str = ""
    count: Callable[[Any], int | None] | None = None
    args: tuple[str, ...] = ()


_entries: dict[tuple[str, ...], Entry] = {}


def register(
    section: str,
    title: str,
    url_name: str,
    permission: str = "",
    order: int = 100,
    *,
    icon: str = "circle",
    key: str = "",
    count: Callable[[Any], int | None] | None = None,
    args: tuple[str, ...] = (),
) -> Entry:
    """Put a page into `section` (made when its first page comes); sections stand by their lowest `order`.

    Call it in the room's `AppConfig.ready`. A page is shown to those who have `permission`;
    an empty permission means everybody who is logged in. Registering a `url_name` again replaces it;
    with `args` it leads to one of several pages of that name.
    """
    entry = Entry(section, title, url_name, permission, order, icon, key, count, args)
    _entries[url_name, *args] = entry
    return entry


def visible_entries(actor: Actor | None) -> Iterator[Entry]:
    """The pages `actor` may open, in their order."""
    if actor is None:
        return
    for entry in sorted(_entries.values(), key=lambda e: e.order):
        if not entry.permission or may(actor, entry.permission, None):
            yield entry


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as a page shows it."""

    entry: Entry
    url: str
    here: bool


@cache
def _address(url_name: str, args: tuple[str, ...], _prefix: str) -> str:
    """Where a page stands; a hundred of them are asked for with every page that is shown."""
    return reverse(url_name, args=args)


def sections(actor: Actor | None, path: str) -> list[tuple[str, list[Link]]]:
    """The navigation of `actor` on the page at `path`: sections with their links, the longest match marked."""
    links = []
    for entry in visible_entries(actor):
        try:
            links.append((entry, _address(entry.url_name, entry.args, get_script_prefix())))
        except NoReverseMatch:  # a room that has not landed yet
            continue
    here = max((url for _, url in links if path.startswith(url)), key=len, default="")
    if here == "/" and path != "/":
        here = ""
    grouped: dict[str, list[Link]] = {}
    for entry, url in links:
        grouped.setdefault(str(entry.section), []).append(Link(entry, url, url == here))
    return list(grouped.items())


def drawn(found: Iterable[tuple[str, list[Link]]], on_query: str) -> SafeString:
    """The sections as the frame shows them. A hundred links stand on every page: a template's loop would take as long as most pages."""
    return mark_safe("".join(f"{_heading(title)}<ul>{_items(links, on_query)}</ul>" for title, links in found))  # noqa: S308


def _heading(title: str) -> str:
    return f"<h2>{escape(title)}</h2>" if title else ""


def _items(links: Iterable[Link], on_query: str) -> str:
    return "".join(
        f'<li><a href="{escape(link.url + on_query)}"{AT_HERE if link.here else ""}{_letter(link.entry.key)}>'
        f"{icon(link.entry.icon)}{escape(link.entry.title)}</a></li>"
        for link in links
    )


def _letter(key: str) -> str:
    return f' data-go="{escape(key)}"' if key else ""

"""Duty cards: all firms and duties of a year, one duty with all its firms, and the card of one firm, as of any day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.core.permissions import may
from soildesk.enterprises import dutysheets
from soildesk.enterprises.dutydrawing import drawn
from soildesk.enterprises.dutywords import STATES, WORST_FIRST, Line, chip_of, duty_keys, duty_name, line_of, state_word
from soildesk.enterprises.eventwords import word
from soildesk.enterprises.pages.firms import crumbs, firm_or_404
from soildesk.enterprises.queries.cards import Card, cards, every_line, owed_by_firm
from soildesk.enterprises.queries.facts import View
from soildesk.enterprises.queries.manycards import standing
from soildesk.enterprises.queries.told import happenings_of
from soildesk.enterprises.sentences import said
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day, page_known_on
from soildesk.kit.downloads import download
from soildesk.kit.parts import Act, Chip, Tile
from soildesk.kit.sheets import write_xlsx
from soilrules.enterprises.duties import CardState
from soilrules.enterprises.dutyproblems import problems

PAGE = 50
FIRST_YEAR = 2019


@dataclass(frozen=True, slots=True)
class Cell:
    """One duty of one firm: its worst line as a chip with the day it was done or is due, and how many lines there are."""

    title: str
    chip: Chip | None = None
    day: date | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page of duties is asked: whose eyes, the day, the year, the state, words of a name."""

    view: View
    year: int
    state: str
    words: str

    @classmethod
    def of(cls, request: HttpRequest) -> Asked:
        """From the address; a year or state that is none is that of the day, or all."""
        on = page_day(request)
        text, state = request.GET.get("year", ""), request.GET.get("state", "")
        year = int(text) if text.isascii() and text.isdigit() and FIRST_YEAR <= int(text) <= on.year + 1 else on.year
        view = View(actor_of(request), on, page_known_on(request))
        return cls(view, year, state if state in list(CardState) else "", request.GET.get("q", "").strip())

    def query(self, **changed: Any) -> str:
        """The address of the same question with some of it changed."""
        told = {"year": self.year, "on": self.view.on.isoformat(), "state": self.state, "q": self.words, **changed}
        return f"?{urlencode({key: value for key, value in told.items() if value != ''})}"

    def years(self) -> list[int]:
        """The years there may be cards of, the newest first."""
        return list(range(self.view.on.year + 1, FIRST_YEAR - 1, -1))

    def found(self) -> list[Card]:
        """The cards whose firm has the words in its name."""
        return [one for one in cards(self.view, self.year) if self.words in one.name]


def _context(asked: Asked, **more: Any) -> dict[str, Any]:
    return {
        "asked": asked,
        "on": asked.view.on,
        "foreseen": asked.view.on > clock.today(),
        "year": asked.year,
        "years": asked.years(),
        "states": [(str(state), state_word(state)) for state in WORST_FIRST],
        **more,
    }


def _tiles(asked: Asked, counted: Counter[CardState], url: str) -> list[Tile]:
    return [
        Tile(state_word(state), counted[state], f"{url}{asked.query(state=str(state), page='')}", STATES[state][0])
        for state in WORST_FIRST
    ]  # fmt: skip


@staff_page("enterprises.read")
def matrix(request: HttpRequest) -> HttpResponse:
    """All firms and duties of a year, each cell the worst of its lines; only the firms of the page are told in words."""
    asked = Asked.of(request)
    found = standing(asked.view, asked.year, words=asked.words)
    total = sum((one.states for one in found), Counter())
    wanted = [one for one in found if not asked.state or one.states[CardState(asked.state)]]
    if request.GET.get("export") == "xlsx":
        every = cards(asked.view, asked.year, only=[one.key for one in wanted])
        return _sheet(dutysheets.matrix(every, asked.year, asked.view.on), _("义务清单"), asked)
    page = Paginator(wanted, PAGE).get_page(request.GET.get("page"))
    shown = cards(asked.view, asked.year, only=[one.key for one in page])
    keys = [
        key for key in duty_keys() if any(line.rule.duty == key and line.owed for one in shown for line in one.lines)
    ]
    url = reverse("enterprises:duties")
    heads = [
        (key, duty_name(key), reverse("enterprises:duty", args=[key]) + asked.query(state="", q="")) for key in keys
    ]
    context = _context(
        asked,
        rows=[(one, [_cell(one, key, asked) for key in keys]) for one in shown],
        duties=heads,
        tiles=_tiles(asked, total, url),
        excel=url + asked.query(export="xlsx"),
        reminders=reverse("enterprises:duty_reminders") + f"?on={asked.view.on}",
        may_record=may(asked.view.actor, "enterprises.record"),
        **_paged(asked, page),
    )
    return render(request, "enterprises/duties.html", context)


def _paged(asked: Asked, page: Any) -> dict[str, Any]:
    """One page of rows and the ways to those beside it."""
    return {
        "page": page,
        "next": asked.query(page=page.next_page_number()) if page.has_next() else "",
        "previous": asked.query(page=page.previous_page_number()) if page.has_previous() else "",
    }


def _cell(one: Card, key: str, asked: Asked) -> Cell:
    lines = [line for line in one.of(key) if line.owed is not None]
    if not lines:
        return Cell(duty_name(key))
    worst = lines[0]
    url = (
        f"{reverse('enterprises:duty_card', args=[one.firm.row['enterprise__uid']])}{asked.query(state='', q='')}#{key}"
    )
    done = worst.owed.done_on if worst.owed else None
    return Cell(duty_name(key), chip_of(worst, url), done or worst.due, len(lines))


@staff_page("enterprises.read")
def duty(request: HttpRequest, key: str) -> HttpResponse:
    """One duty: every firm that owes it, how it stands, why, by what text, with what proof."""
    if key not in duty_keys():
        raise Http404(key)
    asked = Asked.of(request)
    every = [(one, line) for one in asked.found() for line in one.of(key) if line.owed is not None]
    rows = [(one, line) for one, line in every if not asked.state or line.state == asked.state]
    if request.GET.get("export") == "xlsx":
        return _sheet(dutysheets.lines(duty_name(key), rows, asked.year, asked.view.on), duty_name(key), asked)
    url = reverse("enterprises:duty", args=[key])
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    told = [(one, line_of(line, one.firm.row["enterprise__uid"])) for one, line in page]
    context = _context(
        asked,
        name=duty_name(key),
        rows=told,
        tiles=_tiles(asked, Counter(line.state for _one, line in every), url),
        excel=url + asked.query(export="xlsx"),
        letter=f"{reverse('enterprises:duty_letters')}?{urlencode({'on': asked.view.on, 'duty': key})}",
        crumbs=[(_("义务清单"), reverse("enterprises:duties") + asked.query(state="", q="")), (duty_name(key), "")],
        **_paged(asked, page),
    )
    return render(request, "enterprises/duty.html", context)


@staff_page("enterprises.read")
def card(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The duty card of one firm and year, and the facts it follows from."""
    asked = Asked.of(request)
    version = firm_or_404(asked.view.actor, uid)
    found = cards(asked.view, asked.year, only=[version.enterprise_id])
    lines = [line_of(line, uid) for one in found for line in one.lines]
    begun = [line for line in lines if line.card.owed is not None]
    if request.GET.get("export") == "xlsx":
        rows = [(one, line) for one in found for line in one.lines if line.owed is not None]
        return _sheet(dutysheets.lines(version.name, rows, asked.year, asked.view.on), version.name, asked)
    told = [(one, word(one.kind)) for one in happenings_of(version.enterprise_id)]
    recording = may(asked.view.actor, "enterprises.record", version)
    context = _context(
        asked,
        version=version,
        begun=begun,
        waiting=[line for line in lines if line.card.owed is None],
        drawing=drawn(begun, asked.year, asked.view.on) if begun else None,
        earlier=_earlier(found, asked),
        problems=[said(one.message) for card in found for one in problems(card.firm.facts, asked.view.on)],
        told=told,
        may_record=recording,
        acts=_acts(uid, recording),
        excel=reverse("enterprises:duty_card", args=[uid]) + asked.query(export="xlsx"),
        crumbs=[*crumbs(version, "")[:-1], (_("义务清单"), "")],
    )
    return render(request, "enterprises/duty_card.html", context)


def _earlier(found: Sequence[Card], asked: Asked) -> list[tuple[Line, int]]:
    """What was missed in earlier years and stands on no line of this card."""
    there = {(line.rule.id, line.owed.period) for one in found for line in one.lines if line.owed}
    return [
        (line_of(line, one.firm.row["enterprise__uid"]), line.due.year)
        for one in found
        for line in every_line(one.firm, asked.view.on)
        if line.state is CardState.OVERDUE and line.due and line.owed and owed_by_firm(line)
        and line.due.year < asked.year and (line.rule.id, line.owed.period) not in there
    ]  # fmt: skip


def _acts(uid: UUID, recording: bool) -> list[Act]:
    stopped = "" if recording else _("您没有登记企业事项的权限：请联系经办人。")
    return [
        Act(
            _("登记事项"), reverse("enterprises:happening_add", args=[uid]), "plus-lg", primary=True, stopped_by=stopped
        ),
        Act(_("提醒函"), f"{reverse('enterprises:duty_letters')}?unit={uid}", "send"),
    ]


def _sheet(made: Any, name: str, asked: Asked) -> HttpResponse:
    out = BytesIO()
    write_xlsx([made], out)
    return download(out.getvalue(), f"{name}_{asked.year}_{asked.view.on:%Y%m%d}", "xlsx")

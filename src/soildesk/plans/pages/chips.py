"""Units and terms of a card as HTML: thousands of small buttons on one page, so they are written, not templated.

Whatever comes from data goes through `escape`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.translation import gettext as _

from soildesk.kit.cells import escape, icon
from soildesk.plans.models import TaskUnit
from soildesk.plans.pages.wording import SOURCES, match_sentence, role_word


@dataclass(frozen=True)
class UnitChip:
    """One unit as printed, with what it was matched to."""

    key: str
    name: str
    role: str
    match: str
    department: str
    told: str  # role, source and match in words
    doubtful: bool
    open: bool
    inherited: bool
    overruled: bool


@dataclass(frozen=True)
class TermChip:
    """One term: its words and what they are read as."""

    pk: int
    key: str
    text: str
    reading: str
    icon: str
    told: str
    doubtful: bool
    overruled: bool
    decided: bool
    counts: bool  # False where the date is not one the task is to be done by
    asks: bool
    review_on: date | None


Line = tuple[str, str, list[UnitChip]]


class Words:
    """The words of one page's chips: each sentence and each label is made once."""

    def __init__(self) -> None:
        self._told: dict[tuple[object, ...], str] = {}

    def of_unit(self, row: TaskUnit) -> str:
        """Role, source and match of a unit in words."""
        key = (row.role, row.source, row.match, row.department_id, row.match_note, bool(row.overruled_by_id))
        if key not in self._told:
            self._told[key] = _told(row)
        return self._told[key]

    @cached_property
    def unplaced(self) -> str:
        """未对应."""
        return f"<small>{escape(_('未对应'))}</small>"

    @cached_property
    def fanned(self) -> str:
        """分办."""
        return f"<small>{escape(_('分办'))}</small>"

    @cached_property
    def decided(self) -> str:
        """按裁定."""
        word = escape(_("按裁定"))
        return f"<small>{word}</small>"

    @cached_property
    def aside(self) -> str:
        """不作完成时限."""
        word = escape(_("不作完成时限"))
        return f"<small>{word}</small>"

    @cached_property
    def review(self) -> str:
        """复核."""
        return escape(_("复核"))


def _told(row: TaskUnit) -> str:
    told = [f"{role_word(row.role)}（{SOURCES.get(row.source, row.source)}）", match_sentence(row)]
    if row.overruled_by_id:
        told.append(_("已裁定不以此处为准"))
    return "。".join(sentence.rstrip("。") for sentence in told)


def unit_lines(lines: Iterable[Line], words: Words) -> str:
    """One line per role, its units as buttons."""
    return "".join(
        f'<div class="row-of role-{role}"><span class="row-name">{icon("arrow-down") if role == "inherited" else ""}'
        f'{escape(word)}</span><span class="row-body">{"".join(_unit(chip, words, stop) for stop, chip in enumerate(chips))}</span></div>'
        for role, word, chips in lines
    )


def _stop(place: int) -> str:
    """One stop of the Tab key per line; arrows move inside it."""
    return ' tabindex="-1"' if place else ""


def _unit(chip: UnitChip, words: Words, place: int) -> str:
    names = ("unit", *_flags(("is-doubtful", chip.doubtful), ("is-open", chip.open), ("is-out", chip.overruled)))
    return (
        f'<button type="button"{_stop(place)} class="{" ".join(names)}" data-k="{chip.key}" title="{escape(chip.told)}">'
        f"{escape(chip.name)}{_matched(chip, words)}</button>"
    )


def _matched(chip: UnitChip, words: Words) -> str:
    if chip.department:
        return f"<small>{escape(chip.department)}{'？' if chip.open else ''}</small>"
    if chip.open:
        return words.unplaced
    return words.fanned if chip.match == TaskUnit.Match.GROUP else ""


def terms(chips: Iterable[TermChip], words: Words) -> str:
    """Terms as buttons: the words and what they are read as."""
    return "".join(_term(chip, words, place) for place, chip in enumerate(chips))


def _term(chip: TermChip, words: Words, place: int) -> str:
    names = ("term", *_flags(("is-doubtful", chip.doubtful), ("is-out", chip.overruled), ("is-aside", not chip.counts)))
    title = f' title="{escape(chip.told)}"' if chip.told else ""
    reading = f"<b>→ {escape(chip.reading)}</b>" if chip.reading else ""
    marks = words.decided * chip.decided + words.aside * (not chip.counts)
    if chip.review_on:
        marks += f"<small>{words.review} {chip.review_on:%Y-%m-%d}</small>"
    return (
        f'<button type="button"{_stop(place)} class="{" ".join(names)}" data-k="{chip.key}"{title}>'
        f"{icon(chip.icon)}{escape(chip.text)}{reading}{marks}</button>"
    )


def _flags(*pairs: tuple[str, bool]) -> list[str]:
    return [name for name, on in pairs if on]

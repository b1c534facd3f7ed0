"""Whether an office's own scheme asks of each figure what it can say: counts are added up or compared, measures stand alone."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from soildesk.kit.languages import listed
from soildesk.reporting.queries.reading import counts, offered
from soilrules.assessment.scheme import FULL, Item, Method, Scheme


def misused(scheme: Scheme) -> Iterator[str]:
    """One sentence for each line whose figures cannot be used so."""
    for item in scheme.used:
        yield from _of_item(item)
    for rule in (*scheme.deductions, *scheme.vetoes):
        if measures := _measures(rule.figures):
            yield _("“%(title)s”的数据来源“%(names)s”不是计数，不能一条算一件：请改用计数的，或者留空由人填写。") % {
                "title": rule.title, "names": _named(measures),
            }  # fmt: skip


def _of_item(item: Item) -> Iterator[str]:
    told = {"title": item.title, "names": _named(item.figures)}
    measures = _measures(item.figures)
    if item.of and not item.figures:
        yield _("“%(title)s”写了“除以”，没有写数据来源：请补上，或者都留空由人填写。") % told
    elif item.of and _measures((*item.figures, *item.of)):
        yield _("“%(title)s”要相除的应都是计数：“%(names)s”里有本身就是比率的。") % told
    elif len(item.figures) > 1 and measures:
        yield _("“%(title)s”有几个数据来源，相加的应都是计数：“%(names)s”里有本身就是比率的。") % told
    elif item.method is Method.PER:
        yield from _of_faults(item, told)
    elif (measures or item.of) and item.comparator == ">=" and item.target > FULL:
        yield _("“%(title)s”的目标超过 100%%，“%(names)s”达不到。") % told


def _of_faults(item: Item, told: dict[str, str]) -> Iterator[str]:
    """A count says how many, so each row is a fault or none is; a measure tells its own faults."""
    if item.figures and not _measures(item.figures) and not item.faults:
        yield _("“%(title)s”按“%(names)s”的条数扣分：请在“逐条算不符合”写“是”。") % told
    if item.faults and _measures(item.figures):
        yield _("“%(title)s”的“%(names)s”自己会找出不符合的记录：“逐条算不符合”请留空。") % told


def _measures(names: tuple[str, ...]) -> list[str]:
    return [name for name in names if name not in counts()]


def _named(names: tuple[str, ...] | list[str]) -> str:
    return listed(offered().get(name, name) for name in names)

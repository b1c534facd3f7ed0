"""What kinds of facilities, check items and editions are called in the language of the page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor
from soildesk.enterprises.sentences import language
from soilrules.enterprises.inspection import UNKNOWN_EDITION, Aspect, Hidden, guide

ASPECTS = {
    Aspect.HARDWARE: _l("硬件"),
    Aspect.MONITORING: _l("监测"),
    Aspect.MANAGEMENT: _l("管理"),
}


def kind_name(key: str) -> str:
    """A kind of facility; the key itself where it is not known."""
    kind = guide().kinds.get(key)
    return getattr(kind, language()) if kind else key


def group_name(key: str) -> str:
    """The group a kind belongs to."""
    found = next((group for group in guide().groups if any(kind.key == key for kind in group.kinds)), None)
    return getattr(found, language()) if found else ""


def item_name(key: str) -> str:
    """A check item."""
    item = guide().items.get(key)
    return getattr(item, language()) if item else key


def edition_name(key: str) -> str:
    """The edition an inspection follows; an unknown one says so."""
    if key == UNKNOWN_EDITION:
        return _("版本内容未见全文，按上一版清单作业")
    found = next((one for one in guide().editions if one.key == key), None)
    return getattr(found, language()) if found else key


def kind_choices(actor: Actor, on: date) -> list[tuple[str, str]]:
    """The kinds of facilities, in the order of their groups."""
    return list(kinds())


def kinds() -> Iterator[tuple[str, str]]:
    """Every kind with its name."""
    for group in guide().groups:
        for kind in group.kinds:
            yield kind.key, getattr(kind, language())


def is_hidden(key: str) -> bool | None:
    """Whether a leak of this kind cannot be seen; None where it depends."""
    kind = guide().kinds.get(key)
    return {Hidden.YES: True, Hidden.NO: False}.get(kind.hidden) if kind else None

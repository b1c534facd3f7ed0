"""What this room knows of a ground: the farmland units on it with the class that was approved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from shapely.geometry import Point

from soildesk.core.permissions import Actor, may
from soildesk.farmland.approvedwords import BETWEEN, class_word, element_names
from soildesk.farmland.models import FarmlandClass, UnitClass, UnitVersion
from soildesk.farmland.queries.units import Standing, overlapping
from soildesk.land import knowledge
from soildesk.land.knowledge import Ground, Heard, Known, Source
from soildesk.monitoring import context
from soilrules.farmland.rulesets import rulesets
from soilrules.monitoring.facts import FarmlandClass as Rank
from soilrules.monitoring.facts import FarmlandUnit

RANKS = {
    FarmlandClass.PRIORITY: Rank.PRIORITY,
    FarmlandClass.SAFE_USE: Rank.SAFE_USE,
    FarmlandClass.STRICT: Rank.STRICT,
}
DECIDING = frozenset(slug for one in rulesets().values() for slug in one.elements)


def _units(ground: Ground, actor: Actor) -> Iterator[Heard]:
    title = _("农用地类别")
    if not may(actor, "farmland.read"):
        yield Heard(title, cannot_say=_("您没有查看农用地类别的权限：请联系经办人。"))
        return
    found = overlapping(ground.shape, actor, ground.on, ground.known_on)
    yield Heard(title, [_known(one) for one in found], rest=_("没有登记为农用地评价单元，不等于不是农用地"))


def _known(one: Standing) -> Known:
    held = one.held
    parts = [class_word(held.farmland_class if held else "")]
    if held and held.controlling:
        parts.append(_("控制元素 %(names)s") % {"names": element_names(held.controlling)})
    if held:
        parts.append(held.decision.number)
    url = reverse("kit:record", args=["farmland_units", str(one.version.unit.uid)])
    since = held.since if held else one.version.since
    return Known("；".join(parts), one.version.name, geometry=one.version.geometry, since=since, url=url)


def unit_told(point: Point, on: date) -> FarmlandUnit | None:
    """The unit at a point with its class by element, as warnings weigh it.

    The elements that make a class have it; the others of a unit for safe use, and all of a priority one, have none that is
    worse than priority. What else of a unit under strict control is below it was not told.
    """
    version = UnitVersion.objects.standing(on).filter(geometry__intersects=point).order_by("pk").first()
    held = UnitClass.objects.standing(on).filter(unit=version.unit_id).first() if version else None
    if version is None or held is None:
        return None
    own = RANKS[held.farmland_class]
    making = [slug for slug in held.controlling.split(BETWEEN) if slug]
    told = {} if own is Rank.STRICT or (own is Rank.SAFE_USE and not making) else dict.fromkeys(DECIDING, Rank.PRIORITY)
    return FarmlandUnit(version.name, told | dict.fromkeys(making, own))


context.tell_units(unit_told)
knowledge.register(Source("farmland.units", _l("农用地类别"), _units, 13))

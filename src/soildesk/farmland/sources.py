"""What this room knows of a ground: the farmland units on it with the class that was approved."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor, may
from soildesk.farmland.approvedwords import class_word, element_names
from soildesk.farmland.queries.units import Standing, overlapping
from soildesk.land import knowledge
from soildesk.land.knowledge import Ground, Heard, Known, Source


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


knowledge.register(Source("farmland.units", _l("农用地类别"), _units, 13))

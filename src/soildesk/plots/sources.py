"""What this room knows of a ground: the plots on it with stage and lists, and what their exits cover."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor, may
from soildesk.land import knowledge
from soildesk.land.knowledge import Ground, Heard, Known, Source
from soildesk.plots.queries.plots import Standing, overlapping
from soildesk.plots.words import list_names, stage_word


def _plots(ground: Ground, actor: Actor) -> Iterator[Heard]:
    title, covered = _("建设用地地块和名录"), _("调查、评估结论覆盖")
    if not may(actor, "plots.read"):
        yield Heard(title, cannot_say=_("您没有查看建设用地地块的权限：请联系经办人。"))
        return
    found = overlapping(ground.shape, actor, ground.on, ground.known_on)
    yield Heard(title, [_known(one) for one in found], rest=_("没有登记为建设用地地块，不等于没有污染"))
    exits = [_covered(one) for one in found if one.covered is not None]
    yield Heard(covered, exits, rest=_("没有解除结论覆盖"))


def _known(one: Standing) -> Known:
    what = "；".join(filter(None, (stage_word(one.stage), list_names(one.lists) if one.lists else "")))
    return Known(
        what, one.version.name, geometry=one.version.geometry, since=one.stage_since or one.version.since, url=_url(one)
    )


def _covered(one: Standing) -> Known:
    return Known(stage_word(one.stage), one.version.name, geometry=one.covered, since=one.released_on, url=_url(one))


def _url(one: Standing) -> str:
    return reverse("kit:record", args=["plots", str(one.version.plot.uid)])


knowledge.register(Source("plots.plots", _l("建设用地地块和名录"), _plots, 12))

"""What this room knows of a ground: which enterprises stood on it when."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor, may
from soildesk.enterprises.queries.firms import industry_name
from soildesk.enterprises.queries.sites import StoodHere, stood_on
from soildesk.land import knowledge
from soildesk.land.knowledge import Ground, Heard, Known, Source


def _firms(ground: Ground, actor: Actor) -> Iterator[Heard]:
    title = _("在此生产经营的企业")
    if not may(actor, "enterprises.read"):
        yield Heard(title, cannot_say=_("您没有查看企业的权限：请联系经办人。"))
        return
    told = [_known(one) for one in stood_on(ground.shape, actor, ground.on, ground.known_on)]
    yield Heard(title, told, rest=_("没有登记过企业用地，不等于没有企业在此生产过"))


def _known(one: StoodHere) -> Known:
    industry = industry_name(one.industry)
    what = _("%(name)s（%(industry)s）") % {"name": one.name, "industry": industry} if industry else one.name
    url = reverse("kit:record", args=["enterprises", str(one.enterprise.uid)])
    of = f"{one.site.name}·{one.site.get_kind_display()}"
    return Known(what, of, geometry=one.site.geometry, since=one.since, until=one.until, url=url)


knowledge.register(Source("enterprises.sites", _l("在此生产经营的企业"), _firms, 15))

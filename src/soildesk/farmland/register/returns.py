"""The register of what towns owe a word on: one row a town and year."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor
from soildesk.farmland.inputlines import asked_line
from soildesk.farmland.models import TownFigure, TownReturn
from soildesk.farmland.queries import figures as found
from soildesk.kit import cells, register
from soildesk.kit.faces import RecordPage
from soildesk.kit.filters import TextFilter
from soildesk.kit.parts import Chip
from soildesk.kit.register import Column, Register, Row


def rows(actor: Actor | None, on: date) -> QuerySet[TownReturn]:
    """The returns of years up to a day, with how many figures stand."""
    figures = TownFigure.objects.filter(superseded_at=None, year=OuterRef("year"), division=OuterRef("division"))
    told = figures.order_by().values("year").annotate(n=Count("pk")).values("n")
    held = TownReturn.objects.visible_to(actor).filter(year__lte=on.year)
    return held.annotate(town=F("division__name"), told=Subquery(told[:1]))


def page(actor: Actor, row: Row, on: date) -> RecordPage:
    """What a town still has to explain or to report for a year."""
    held = TownReturn.objects.select_related("division__parent").get(pk=row["pk"])
    of = found.book(actor, held.division, [held.year])
    waiting = [asked_line(actor, one, held.year) for one in found.lines_of(actor, of, held.year) if one.open]
    chip = Chip("warn", _("待说明 %(n)d 项") % {"n": len(waiting)}) if waiting else Chip("good", _("没有待说明的数据"))
    listed = f"{reverse('kit:collection', args=['farm_figures'])}?year={held.year}&town={held.division.name}"
    inputs = f"{reverse('farmland:inputs')}?year={held.year}&place={held.division.code}"
    return RecordPage(
        chips=[chip],
        related=[(_("本镇街本年数据"), listed), (_("指标"), inputs)],
        template="farmland/return.html",
        context={"waiting": waiting},
    )


RETURNS = register.add(
    Register(
        name="farmland.returns",
        collection="farm_returns",
        title=_l("镇街数据说明"),
        permission="farmland.read",
        queryset=rows,
        key="uid",
        record=page,
        columns=[
            Column("what", _l("报表"), lambda row: f"{row['year']} {row['town']}", ["year", "town"], width=14, frozen=True, format=cells.link),
            Column("year", _l("年度"), sort="year", width=6, type="integer"),
            Column("town", _l("镇街"), sort="division__path", width=12),
            Column("told", _l("已登记数据"), width=8, numeric=True, type="integer"),
        ],
        filters=[TextFilter("year", _l("年度"), fields=["year"]), TextFilter("town", _l("镇街"), fields=["division__name"])],
        search=["division__name"],
        default_sort="-year",
        about=_l("统计数据与上年或者其他镇街相差大的、没有上报的，由镇街逐项说明或者补报。"),
        empty=_l("没有需要说明的数据。"),
    )
)  # fmt: skip

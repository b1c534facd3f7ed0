"""Pages that only look: whether priority farmland was kept, and the papers of a classification."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock
from soildesk.core.permissions import require
from soildesk.farmland import classdrawing, classsheets, classword
from soildesk.farmland.classwords import class_chip
from soildesk.farmland.mu import told
from soildesk.farmland.pages.classifying import READ, seen
from soildesk.farmland.queries import priority as compared
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day
from soildesk.kit.downloads import download
from soildesk.kit.parts import Chip
from soildesk.land.pages.forms import Day
from soildesk.monitoring.picturepng import Sheet, png
from soildesk.standards.refusals import language
from soilrules.bases import bases_on
from soilrules.farmland.priority import Became, Outcome

YEAR = timedelta(days=365)
BECAME = {
    Became.WORSE: _l("降为其他类别"),
    Became.LESS: _l("面积减少"),
    Became.GONE: _l("不再是优先保护类耕地"),
    Became.UNKNOWN: _l("无法判断"),
}
TONES = {Outcome.KEPT: "good", Outcome.FELL: "bad", Outcome.UNKNOWN: "unknown"}
WORDS = {Outcome.KEPT: _l("没有减少"), Outcome.FELL: _l("减少"), Outcome.UNKNOWN: _l("无法判断")}
QUALITY = {Outcome.KEPT: _l("没有下降"), Outcome.FELL: _l("下降"), Outcome.UNKNOWN: _l("无法判断")}
TITLES = {"map": _l("类别分布图"), "list": _l("类别清单"), "report": _l("类别划分报告")}
BASES = ("farmland.law.priority", "farmland.code.priority")


class PriorityForm(forms.Form):
    """Two days."""

    before = forms.DateField(label=_l("原来（日期）"), widget=Day)
    after = forms.DateField(label=_l("现在（日期）"), widget=Day)

    def clean(self) -> dict[str, Any]:
        """Two days in their order, none of which is still to come."""
        said = super().clean() or {}
        before, after, today = said.get("before"), said.get("after"), clock.today()
        if after and after > today:
            self.add_error(
                "after", _("%(day)s 还没有到：请填写今天（%(today)s）或更早的日期。") % {"day": after, "today": today}
            )
        elif before and after and before >= after:
            self.add_error("before", _("应早于“现在”的日期 %(after)s：请调换或改正。") % {"after": after})
        return said


@staff_page("farmland.read")
def priority(request: HttpRequest) -> HttpResponse:
    """Whether priority farmland kept its area and quality between two days."""
    actor, on = actor_of(request), page_day(request)
    days = {"before": on - YEAR, "after": on}
    form = PriorityForm(request.GET if "before" in request.GET else days)
    crumbs = [(_("类别划分"), reverse("kit:collection", args=["classifications"])), (_("优先保护类核对"), "")]
    if not form.is_valid():
        return render(request, "farmland/priority.html", {"form": form, "crumbs": crumbs}, status=422)
    days = {"before": form.cleaned_data["before"], "after": form.cleaned_data["after"]}
    found = compared.checked(actor, days["before"], days["after"])
    kept = found.kept
    area, quality = (one.sentence(language()) for one in kept.messages())
    context = {
        "form": form,
        "days": days,
        "checks": [
            (_("面积"), Chip(TONES[kept.area], str(WORDS[kept.area])), area),  # type: ignore[arg-type]
            (_("土壤环境质量"), Chip(TONES[kept.quality], str(QUALITY[kept.quality])), quality),  # type: ignore[arg-type]
        ],
        "rows": [
            {
                "number": one.unit, "name": found.names[one.unit][0], "uid": found.names[one.unit][1],
                "became": BECAME[one.became], "now": [class_chip(str(each)) for each in one.now],
                "before": told(one.before_m2), "lost": told(one.lost_m2), "basic": found.basic[one.unit],
            }
            for one in kept.named
        ],
        "threads": found.threads,
        "bases": [one.cited for one in bases_on(BASES, on)],
        "crumbs": crumbs,
    }  # fmt: skip
    return render(request, "farmland/priority.html", context)


@staff_page(READ)
def paper(request: HttpRequest, uid: UUID, what: str) -> HttpResponse:
    """The map, the list or the report of a classification."""
    actor, held = seen(request, uid)
    require(actor, READ, held)
    if held.computed_at is None:
        raise Http404(what)
    if what == "map":
        figure = classdrawing.proposed(held, actor, linked=False)
        lines = [
            _("编制单位：%(unit)s") % {"unit": held.owner_department.name},
            _("评价基准日：%(on)s；制图日期：%(day)s") % {"on": held.on, "day": clock.today()},
            classword.standing(held),
        ]
        data, ending = png(figure, Sheet(figure.title, (), lines), at=clock.now()), "png"
    elif what == "list":
        data, ending = classsheets.book(held, actor), "xlsx"
    else:
        data, ending = classword.report(held, actor), "docx"
    return download(data, f"{held.title}_{TITLES[what]}", ending)

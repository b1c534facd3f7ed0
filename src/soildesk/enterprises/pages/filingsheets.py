"""The workbook of a firm and year: down, up, looked at, taken."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_GET

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.enterprises import filingbook, filingbookread
from soildesk.enterprises.models import EnterpriseVersion
from soildesk.enterprises.pages.own import own_or_404
from soildesk.enterprises.services import filingsheets
from soildesk.enterprises.services.filings import FIRST_YEAR
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.downloads import download
from soildesk.kit.parts import Chip
from soildesk.land.pages.forms import posted

VERDICTS = {
    "new": ("busy", "plus", _l("填写")),
    "changed": ("warn", "pencil", _l("修改")),
    "same": ("calm", "circle", _l("相同")),
    "missing": ("unknown", "question-circle", _l("还没填")),
    "refused": ("bad", "x-circle-fill", _l("不接收")),
}


class BookForm(forms.Form):
    """The workbook."""

    file = forms.FileField(label=_l("填好的表格"), help_text=_l("从本页下载、本单位本年度的 Excel 文件"))


def _year(year: int) -> str:
    if not FIRST_YEAR <= year <= clock.today().year + 1:
        raise Http404(str(year))
    return str(year)


@staff_page("enterprises.own")
@require_GET
def book(request: HttpRequest, uid: UUID, year: int) -> HttpResponse:
    """The workbook to fill in."""
    version, text = own_or_404(request, uid), _year(year)
    return download(filingbook.workbook(version, text, actor_of(request)), f"{version.name}-{text}", "xlsx")


@staff_page("enterprises.own")
def upload(request: HttpRequest, uid: UUID, year: int) -> HttpResponse:
    """Looked at row by row; taken only whole, by a second press."""
    version, text = own_or_404(request, uid), _year(year)
    if "packed" in request.POST:
        return _taken(request, version, text)
    form, context = posted(BookForm, request), {}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        try:
            book = filingbookread.understood(given.read(), given.name, version, text, actor_of(request))
            context = {"lines": _told(book), "refused_rows": len(book.refused), "ready": book.may_be_taken}
            context["packed"] = filingbookread.packed(book, version) if book.may_be_taken else ""
        except Refusal as refusal:
            context = {"refused": str(refusal)}
    return _page(request, version, text, {"form": form, **context})


def _told(book: filingbookread.Book) -> list[tuple[filingbookread.Line, Chip]]:
    chips = {name: Chip(tone, str(word), icon=icon) for name, (tone, icon, word) in VERDICTS.items()}  # type: ignore[arg-type]
    return [(one, chips[one.verdict]) for one in book.lines]


def _taken(request: HttpRequest, version: EnterpriseVersion, year: str) -> HttpResponse:
    try:
        said = filingbookread.unpacked(request.POST["packed"], version)
        made = filingsheets.take(version, said, by=actor_of(request), at=clock.now())
    except Refusal as refusal:
        return _page(request, version, year, {"form": BookForm(), "refused": str(refusal)})
    messages.success(request, _("已保存 %(n)d 份草稿，还没有报送：请逐份核对、上传附件后报送。") % {"n": len(made)})
    return HttpResponseRedirect(reverse("enterprises:own_card", args=[version.enterprise.uid]) + f"?year={year}")


def _page(request: HttpRequest, version: EnterpriseVersion, year: str, context: dict[str, object]) -> HttpResponse:
    back = reverse("enterprises:own_card", args=[version.enterprise.uid])
    status = 422 if request.method == "POST" and not context.get("ready") else 200
    page = {
        "version": version,
        "year": year,
        "back": back,
        "crumbs": [(version.name, back), (_("用 Excel 填报"), "")],
        **context,
    }
    return render(request, "enterprises/filing_book.html", page, status=status)

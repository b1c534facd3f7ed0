"""读入方案: a file or pasted text in, the review screen out; what goes wrong is said beside the form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, NotAllowed, require
from soildesk.plans.models import Plan
from soildesk.plans.pages import reasons
from soildesk.plans.pages.access import actor_of, logged_in, sentence_of
from soildesk.plans.pages.frame import url_or_none
from soildesk.plans.queries.places import intake_divisions, keeper
from soildesk.plans.refusals import AlreadyImported, NothingRead
from soildesk.plans.services.intake import Place
from soildesk.plans.services.uploads import Upload, take_in
from soilrules.plantext.formats import SIZE_LIMIT_MB, UnreadableFile
from soilrules.plantext.normalise import fold

if TYPE_CHECKING:
    from soildesk.core.models import Division

ACCEPTED = ".txt,.md,.html,.htm,.mht,.docx,.doc,.wps,.rtf,.pdf,.xlsx,.xls"
MB = 1024 * 1024
REFUSED = 422


class IntakeForm(forms.Form):
    """What somebody gives to read."""

    file = forms.FileField(
        label=gettext_lazy("方案文件"), required=False, widget=forms.FileInput(attrs={"accept": ACCEPTED})
    )
    text = forms.CharField(
        label=gettext_lazy("方案全文"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 9, "spellcheck": "false"}),
    )
    year = forms.IntegerField(
        label=gettext_lazy("年度"),
        required=False,
        min_value=1990,
        max_value=2100,
        help_text=gettext_lazy("一般不用填。文中没有写年度时，“年底前”一类的时限按这里的年度推算。"),
    )
    division = forms.TypedChoiceField(label=gettext_lazy("适用区域"), coerce=int)

    def __init__(self, divisions: Sequence[Division], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"].choices = [(row.pk, row.name) for row in divisions]
        self.fields["division"].initial = divisions[0].pk

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("file") and not (data.get("text") or "").strip():
            raise forms.ValidationError(_("还没有方案：请拖入或选择一个文件，或粘贴方案全文。"))
        return data

    def upload(self) -> Upload:
        """What to read; only after `is_valid`. A file counts before pasted text; too large a one is `UnreadableFile`."""
        file, year = self.cleaned_data["file"], self.cleaned_data["year"]
        if file and file.size > SIZE_LIMIT_MB * MB:  # not worth the memory
            size = f"{file.size / MB:.1f}"
            raise UnreadableFile("formats.too_large", filename=file.name, size_mb=size, limit_mb=SIZE_LIMIT_MB)
        if file:
            return Upload(file.read(), file.name, year)
        return Upload.pasted(self.cleaned_data["text"], year)


@dataclass(frozen=True)
class Trouble:
    """Why nothing was taken in: one sentence, further remarks, the plan that stands already."""

    title: str
    sentence: str
    notes: Sequence[str] = ()
    known: Plan | None = None


@require_http_methods(["GET", "POST"])
@logged_in
def intake(request: HttpRequest) -> HttpResponse:
    """The page; POST reads and goes to the review screen, or says why not."""
    actor = actor_of(request)
    divisions = intake_divisions(actor)
    if not divisions:
        require(actor, "plans.import")
    if request.method == "GET":
        return _page(request, IntakeForm(divisions))
    form = IntakeForm(divisions, request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=REFUSED)
    division = next(row for row in divisions if row.pk == form.cleaned_data["division"])
    try:
        plan = take_in(
            form.upload(),
            _place(actor, division),
            by=actor,
            at=clock.now(),
            as_edition=request.POST.get("as_edition") == "1",
        )
    except (Refusal, NotAllowed, UnreadableFile) as error:
        return _page(request, form, trouble_of(error, actor), status=REFUSED)
    return _taken_in(request, plan)


def _taken_in(request: HttpRequest, plan: Plan) -> HttpResponse:
    messages.success(
        request,
        _("已读入：%(tasks)d 项任务、%(targets)d 个指标。请对照左侧原文逐项审核，发布前不生效。")
        % {"tasks": plan.tasks.count(), "targets": plan.indicators.count()},
    )
    region, here = fold(plan.region), fold(plan.division.name)
    if region and region not in here and here not in region:
        messages.warning(
            request,
            _("文中写的适用区域是“%(region)s”，读入到了“%(division)s”。如果选错了区域，请作废草稿后重新读入。")
            % {"region": plan.region, "division": plan.division.name},
        )
    url = reverse("plans:review", args=[plan.uid])
    if "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)


def _place(actor: Actor, division: Division) -> Place:
    department = keeper(actor, division)
    if department is None:
        raise Refusal(_("%(place)s还没有登记部门，方案无处存放。请先登记部门。") % {"place": division.name})
    return Place(division, department)


def trouble_of(error: Refusal | NotAllowed | UnreadableFile, actor: Actor) -> Trouble:
    """What the page says about an error."""
    if isinstance(error, UnreadableFile):
        return Trouble(_("文件没有读成"), error.sentence(reasons.language()))
    if isinstance(error, AlreadyImported):
        return Trouble(_("这份文件已经导入过"), sentence_of(error), known=error.plan)
    if isinstance(error, NothingRead):
        notes = [reasons.note(note.kind, note.params) for note in error.notes]
        return Trouble(_("没有读出任务"), sentence_of(error), notes)
    return Trouble(_("没有读入"), sentence_of(error))


def _url_of(plan: Plan) -> str:
    """Where a plan is worked on: under review, or its overview."""
    review = reverse("plans:review", args=[plan.uid])
    return review if plan.stage == Plan.Stage.REVIEW else url_or_none("plans:overview", plan.uid) or review


def _page(request: HttpRequest, form: IntakeForm, trouble: Trouble | None = None, status: int = 200) -> HttpResponse:
    part = "HX-Request" in request.headers
    context = {
        "form": form,
        "trouble": trouble,
        "limit_mb": SIZE_LIMIT_MB,
        "known_url": _url_of(trouble.known) if trouble and trouble.known else "",
        "crumbs": [(_("方案与任务"), url_or_none("plans:list")), (_("读入方案"), "")],
    }
    return render(request, "plans/intake/answer.html" if part else "plans/intake/page.html", context, status=status)

"""What kit needs to know of decisions on classes, and of the classes they gave."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import files
from soildesk.core.permissions import Actor
from soildesk.farmland import entering
from soildesk.farmland.models import ClassDecision, FarmlandClass
from soildesk.farmland.queries import classes
from soildesk.farmland.register.seasons import told
from soildesk.farmland.register.units import SECTION
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import RecordPage
from soildesk.kit.filters import DateRangeFilter
from soildesk.kit.parts import Act, Chip
from soildesk.kit.register import Column, PageAct, Register, Row
from soildesk.plots.register.records import file_part, stopped

FILE_KINDS = {"approval": _l("批复文件"), "map": _l("类别图"), "list": _l("类别清单"), "report": _l("划分报告")}


def decisions(actor: Actor | None, on: date, known_on: datetime | None = None) -> QuerySet[ClassDecision]:
    """Decisions taken up to a day, as known now or at a moment; without those taken back."""
    return classes.decisions(actor, on, known_on)


def decision(actor: Actor, row: Row, on: date) -> RecordPage:
    """A decision: what it gave each unit, its papers, what is still missing."""
    found = ClassDecision.objects.select_related("recorded_by").get(pk=row["pk"])
    named = classes.counts_of([found.pk]).get(found.pk, {})
    held = list(files.uses_of(found))
    keeping = stopped(actor, "farmland.register_classes", found)
    bare = keeping or ("" if held else _("还没有上传批复文件：先上传，再导入类别。"))
    sent = keeping or (_("已登记回执 %(receipt)s。") % {"receipt": found.receipt} if found.receipt else "")
    import_url = f"{reverse('kit:import_new', args=['farmland.classes'])}?decision={found.uid}"
    uid = str(found.uid)
    return RecordPage(
        chips=_chips(found, bool(named), bool(held)),
        acts=[
            Act(_("上传文件"), reverse("farmland:decision_file", args=[uid]), "paperclip", primary=not held, stopped_by=keeping),
            Act(_("导入批准的类别（表格或图形）"), import_url, "upload", primary=bool(held) and not named, stopped_by=bare),
            Act(_("登记上传回执"), reverse("farmland:decision_receipt", args=[uid]), "send", stopped_by=sent),
            Act(_("撤销误登"), reverse("farmland:decision_back", args=[uid]), "arrow-counterclockwise", danger=True, stopped_by=keeping),
        ],
        files=[file_part(use, str(FILE_KINDS.get(use.kind, use.kind))) for use in held],
        history=told(found, "farmland.class.registered", "farmland.class.taken_in", "farmland.class.uploaded"),
        related=[(_("由此文件确定现行类别的单元"), f"{reverse('kit:collection', args=['farmland_units'])}?decision={found.number}")],
    )  # fmt: skip


def _chips(found: ClassDecision, named: bool, papers: bool) -> list[Chip]:
    chips = []
    if not papers:
        chips.append(Chip("warn", _("缺文件"), why=_("登记类别要有省级人民政府的批复文件。")))
    if not named:
        chips.append(Chip("warn", _("还没有导入类别"), why=_("导入批准的类别清单或类别图后，各单元才有现行类别。")))
    if not found.receipt:
        chips.append(Chip("unknown", _("没有上传回执"), why=_("成果要上传农用地环境信息系统：取得回执后登记。")))
    return chips


DECISIONS = register.add(
    Register(
        name="farmland.decisions",
        collection="class_decisions",
        title=_l("类别批准文件"),
        permission="farmland.read",
        queryset=decisions,
        knows_past=True,
        columns=[
            Column("number", _l("批准文号"), sort="number", width=13, frozen=True, format=cells.link),
            Column("title", _l("标题"), width=20, format=cells.clamp),
            Column("authority", _l("批准机关"), width=11),
            Column("authority_why", _l("机关核对说明"), width=14, format=cells.clamp, shown=False),
            Column("decided_on", _l("批准日期"), sort="decided_on", width=7, format=cells.day, type="date"),
            Column("since", _l("生效日期"), sort="since", width=7, format=cells.day, type="date"),
            *(
                Column(key, FarmlandClass(key).label, f"n_{key}", width=6, numeric=True, format=cells.number, type="integer")
                for key in FarmlandClass.values
            ),
            Column("receipt", _l("上传回执"), width=12),
            Column("uploaded_on", _l("上传日期"), width=7, format=cells.day, type="date"),
            Column("note", _l("备注"), width=12, format=cells.clamp, shown=False),
        ],
        filters=[DateRangeFilter("since", _l("生效日期"))],
        search=["number", "title", "authority"],
        default_sort="-since",
        writing=entering.DECISIONS,
        record=decision,
        page_acts=[PageAct(_l("现行类别"), "farmland:classes", "farmland.read", icon="shield-check")],
        about=_l("农用地土壤环境质量类别由省级人民政府审定。本级照文件登记文号、日期和机关，上传文件，再导入批准的类别清单或类别图，成为现行类别。"),
        empty=_l("还没有登记类别批准文件。请照省级人民政府的批复登记，上传文件后导入批准的类别清单或类别图。"),
    )
)  # fmt: skip


navigation.register(
    SECTION, _l("类别批准文件"), "kit:collection", "farmland.read", order=483, icon="check2-circle", args=("class_decisions",)
)  # fmt: skip

"""What kit needs to know of notices and of stays on lists."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import files
from soildesk.core.permissions import Actor
from soildesk.enterprises import entering
from soildesk.enterprises.firmwords import list_name
from soildesk.enterprises.models import EnterpriseVersion, Listing, ListNotice
from soildesk.enterprises.queries import lists
from soildesk.enterprises.queries.firms import LIST_CHOICES, industry_name, names_of
from soildesk.enterprises.register.enterprises import SECTION, STATES, TOWN
from soildesk.enterprises.register.records import stopped
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import RecordPage
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter, TextFilter
from soildesk.kit.parts import Act, Chip, Event, Fact, File
from soildesk.kit.register import Column, PageAct, Register, Row, Stored

State = EnterpriseVersion.State


def notice(actor: Actor, row: Row, on: date) -> RecordPage:
    """A notice: what it did to its list, its document, what can be done with it."""
    found = ListNotice.objects.get(pk=row["pk"])
    entered = list(found.entered.filter(superseded_at=None).select_related("enterprise").order_by("enterprise__number"))
    left = list(found.left.filter(superseded_at=None).select_related("enterprise").order_by("enterprise__number"))
    keeping = stopped(actor, "enterprises.keep_lists", found)
    import_url = f"{reverse('kit:import_new', args=['enterprises.list'])}?notice={found.uid}"
    return RecordPage(
        chips=[Chip("busy", _("全量名录"), icon="list-task")] if found.whole else [],
        facts=[Fact(_("公布网址"), found.address, url=found.address)] if found.address else [],
        acts=[
            Act(_("导入名单"), import_url, "upload", primary=True, stopped_by=keeping),
            Act(_("上传文件"), reverse("enterprises:notice_file", args=[found.uid]), "paperclip", stopped_by=keeping),
        ],
        files=[file_part(use) for use in files.uses_of(found)],
        history=[
            Event(found.recorded_at, found.recorded_by.name if found.recorded_by else "", _("登记名录文件"), found.number)
        ],
        related=[
            (_("这份名录"), f"{reverse('enterprises:list', args=[found.list_key])}?on={max(found.since, on)}")
        ],
        template="enterprises/notice.html",
        context={"entered": _named(entered, on), "left": _named(left, on), "may_keep": not keeping},
    )  # fmt: skip


def _named(rows: list[Listing], on: date) -> list[tuple[Listing, str]]:
    names = names_of([one.enterprise_id for one in rows], on)
    return [(one, names.get(one.enterprise_id, one.enterprise.number)) for one in rows]


def file_part(use: Any) -> File:
    """One attached file as the record page shows it."""
    by = use.added_by.name if use.added_by else ""
    return File(
        use.name, reverse("core:file", args=[use.uid]), use.attachment.size, use.kind, use.added_at, by, use.note
    )


def _list(row: Row) -> str:
    return list_name(row["list_key"])


NOTICES = register.add(
    Register(
        name="enterprises.notices",
        collection="list_notices",
        subject="enterprises.listnotice",
        title=_l("名录文件"),
        permission="enterprises.read",
        queryset=lists.notices,
        columns=[
            Column("number", _l("文号"), sort="number", width=13, frozen=True, format=cells.link),
            Column("title", _l("标题"), width=20, format=cells.clamp),
            Column("list", _l("名录"), _list, ["list_key"], sort="list_key", width=16, stored=Stored("list_key", LIST_CHOICES)),
            Column("authority", _l("发布机关"), width=12),
            Column("decided_on", _l("成文日期"), sort="decided_on", width=7, format=cells.day, type="date"),
            Column("published_on", _l("公布日期"), sort="published_on", width=7, format=cells.day, type="date"),
            Column("since", _l("生效日期"), sort="since", width=7, format=cells.day, type="date"),
            Column("whole", _l("全量名录"), width=5, format=cells.yes_no, type="boolean"),
            Column("entries", _l("列入"), width=5, numeric=True, format=cells.number, type="integer"),
            Column("leavings", _l("移出"), width=5, numeric=True, format=cells.number, type="integer"),
            Column("address", _l("公布网址"), width=16, format=cells.clamp, shown=False),
        ],
        filters=[
            ChoiceFilter("list", _l("名录"), field="list_key", choices=LIST_CHOICES),
            DateRangeFilter("since", _l("生效日期")),
        ],
        search=["number", "title", "authority"],
        default_sort="-since",
        writing=entering.NOTICES,
        record=notice,
        page_acts=[PageAct(_l("名录"), "enterprises:lists", "enterprises.read", icon="list-task")],
        about=_l("名录由有权机关确定；本级登记文号、日期、机关并附文件，名单由文件导入。"),
        empty=_l("还没有登记名录文件。请按市级公布的文件登记，再导入名单。"),
    )
)  # fmt: skip

STAYS = register.add(
    Register(
        name="enterprises.listings",
        collection="listings",
        title=_l("名录单位"),
        permission="enterprises.read",
        queryset=lists.stays,
        knows_past=True,
        fields=["enterprise__uid"],
        row_url=lambda row: reverse("kit:record", args=["enterprises", str(row["enterprise__uid"])]),
        columns=[
            Column("number", _l("企业编号"), "enterprise__number", sort="enterprise__number", width=15, frozen=True, format=cells.link),
            Column("name", _l("单位名称"), width=16, format=cells.clamp),
            Column("credit_code", _l("统一社会信用代码"), width=15),
            Column("industry", _l("行业"), lambda row: industry_name(row["industry"] or ""), ["industry"], width=13, format=cells.clamp,
                   stored=Stored("industry")),
            Column("state", _l("生产状态"), width=7, format=cells.chip(STATES),
                   export=lambda value, row: str(State(value).label) if value else ""),
            Column("town", _l("乡镇（街道）"), width=8),
            Column("list", _l("名录"), _list, ["list_key"], sort="list_key", width=16, stored=Stored("list_key", LIST_CHOICES)),
            Column("category", _l("类别"), width=8),
            Column("since", _l("列入日期"), sort="since", width=7, format=cells.day, type="date"),
            Column("notice", _l("列入文件"), "notice__number", width=12),
            Column("reason_in", _l("列入原因"), width=14, format=cells.clamp),
            Column("until", _l("移出日期"), sort="until", width=7, format=cells.day, type="date"),
            Column("notice_out", _l("移出文件"), "notice_out__number", width=12, shown=False),
            Column("reason_out", _l("移出原因"), width=14, format=cells.clamp, shown=False),
        ],
        filters=[ChoiceFilter("list", _l("名录"), field="list_key", choices=LIST_CHOICES), TOWN, TextFilter("category", _l("类别"))],
        search=["name", "credit_code", "enterprise__number", "notice__number"],
        default_sort="number",
        page_acts=[PageAct(_l("名录"), "enterprises:lists", "enterprises.read", icon="list-task")],
        about=_l("当日在各名录上的单位；换一个日期即为当日的名录，可导出。"),
        empty=_l("当日没有单位在名录上：请登记名录文件并导入名单。"),
    )
)  # fmt: skip

navigation.register(SECTION, _l("名录"), "enterprises:lists", "enterprises.read", order=306, icon="list-task")
navigation.register(
    SECTION, _l("名录文件"), "kit:collection", "enterprises.read", order=308, icon="file-earmark-text", args=("list_notices",)
)  # fmt: skip

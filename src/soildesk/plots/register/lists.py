"""What kit needs to know of notices of lists and of stays on lists."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import files
from soildesk.core.permissions import Actor
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import RecordPage
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter
from soildesk.kit.parts import Act, Chip, Event, Fact
from soildesk.kit.register import Column, PageAct, Register, Row, Stored
from soildesk.plots import entering
from soildesk.plots.models import ListNotice
from soildesk.plots.queries import lists
from soildesk.plots.queries.plots import names_of
from soildesk.plots.register.plots import SECTION, TOWN, word
from soildesk.plots.register.records import file_part, stopped
from soildesk.plots.words import LEVELS, LIST_CHOICES, list_name


def notice(actor: Actor, row: Row, on: date) -> RecordPage:
    """A notice: what it did to its list, its document, what can be done with it."""
    found = ListNotice.objects.get(pk=row["pk"])
    entered = list(found.entered.filter(superseded_at=None).select_related("plot").order_by("plot__number"))
    left = list(found.left.filter(superseded_at=None).select_related("plot").order_by("plot__number"))
    names = names_of([one.plot_id for one in (*entered, *left)], on)
    held = list(files.uses_of(found))
    keeping = stopped(actor, "plots.keep_lists", found)
    without = keeping or ("" if held else _("还没有上传文件：先上传公告或决定文件，再登记地块。"))
    import_url = f"{reverse('kit:import_new', args=['plots.list'])}?notice={found.uid}"
    return RecordPage(
        chips=[] if held else [Chip("warn", _("缺文件"), why=_("列入、移出必须有公告或决定文件。"))],
        facts=[Fact(_("公布网址"), found.address, url=found.address)] if found.address else [],
        acts=[
            Act(_("上传文件"), reverse("plots:list_file", args=[found.uid]), "paperclip", primary=not held, stopped_by=keeping),
            Act(_("登记地块"), reverse("plots:list_move", args=[found.uid]), "plus-lg", primary=bool(held), stopped_by=without),
            Act(_("导入地块清单"), import_url, "upload", stopped_by=without),
        ],
        files=[file_part(use, _("公告或决定文件")) for use in held],
        history=[Event(found.recorded_at, found.recorded_by.name if found.recorded_by else "", _("登记名单（名录）文件"), found.number)],
        related=[(list_name(found.list_key), f"{reverse('plots:list', args=[found.list_key])}?on={max(found.since, on)}")],
        template="plots/notice.html",
        context={
            "entered": [(one, names.get(one.plot_id, one.plot.number)) for one in entered],
            "left": [(one, names.get(one.plot_id, one.plot.number)) for one in left],
        },
    )  # fmt: skip


def _list(row: Row) -> str:
    return list_name(row["list_key"])


NOTICES = register.add(
    Register(
        name="plots.notices",
        collection="plot_notices",
        subject="plots.listnotice",
        title=_l("名单、名录文件"),
        permission="plots.read",
        queryset=lists.notices,
        columns=[
            Column("number", _l("文号"), sort="number", width=13, frozen=True, format=cells.link),
            Column("title", _l("标题"), width=20, format=cells.clamp),
            Column("list", _l("名单（名录）"), _list, ["list_key"], sort="list_key", width=14, stored=Stored("list_key", LIST_CHOICES)),
            Column("lot", _l("批次"), width=6),
            Column("authority", _l("发布机关"), width=12),
            Column("level", _l("机关层级"), word("level", LEVELS), ["level"], width=6, stored=Stored("level", LEVELS)),
            Column("acting_for", _l("以何机关名义"), width=12, shown=False),
            Column("authority_why", _l("机关核对说明"), width=14, format=cells.clamp, shown=False),
            Column("decided_on", _l("成文日期"), sort="decided_on", width=7, format=cells.day, type="date"),
            Column("published_on", _l("公布日期"), sort="published_on", width=7, format=cells.day, type="date"),
            Column("since", _l("生效日期"), sort="since", width=7, format=cells.day, type="date"),
            Column("entries", _l("列入"), width=5, numeric=True, format=cells.number, type="integer"),
            Column("leavings", _l("移出"), width=5, numeric=True, format=cells.number, type="integer"),
            Column("address", _l("公布网址"), width=16, format=cells.clamp, shown=False),
        ],
        filters=[
            ChoiceFilter("list", _l("名单（名录）"), field="list_key", choices=LIST_CHOICES),
            DateRangeFilter("since", _l("生效日期")),
        ],
        search=["number", "title", "authority"],
        default_sort="-since",
        writing=entering.NOTICES,
        record=notice,
        page_acts=[PageAct(_l("名单、名录"), "plots:lists", "plots.read", icon="list-task")],
        about=_l("名单、名录由有权机关决定；本级登记文号、日期、机关并附文件，再登记由此列入、移出的地块。"),
        empty=_l("还没有登记名单、名录文件。请照有权机关公布的文件登记，上传文件后登记地块。"),
    )
)  # fmt: skip

STAYS = register.add(
    Register(
        name="plots.listings",
        collection="plot_listings",
        title=_l("名单、名录地块"),
        permission="plots.read",
        queryset=lists.stays,
        knows_past=True,
        fields=["plot__uid"],
        row_url=lambda row: reverse("kit:record", args=["plots", str(row["plot__uid"])]),
        columns=[
            Column("number", _l("地块编号"), "plot__number", sort="plot__number", width=15, frozen=True, format=cells.link),
            Column("name", _l("地块名称"), width=16, format=cells.clamp),
            Column("code", _l("全国系统地块编码"), width=13),
            Column("town", _l("乡镇（街道）"), width=8),
            Column("location", _l("坐落"), width=14, format=cells.clamp),
            Column("list", _l("名单（名录）"), _list, ["list_key"], sort="list_key", width=14, stored=Stored("list_key", LIST_CHOICES)),
            Column("risk_level", _l("风险等级"), width=6),
            Column("pollutants", _l("主要污染物"), width=12, format=cells.clamp, shown=False),
            Column("since", _l("列入日期"), sort="since", width=7, format=cells.day, type="date"),
            Column("document", _l("列入文号"), width=12),
            Column("authority", _l("决定机关"), width=12),
            Column("reason_in", _l("列入原因"), width=14, format=cells.clamp),
            Column("until", _l("移出日期"), sort="until", width=7, format=cells.day, type="date"),
            Column("notice_out", _l("移出文号"), "event_out__document", width=12, shown=False),
            Column("reason_out", _l("移出原因"), width=14, format=cells.clamp, shown=False),
        ],
        filters=[ChoiceFilter("list", _l("名单（名录）"), field="list_key", choices=LIST_CHOICES), TOWN],
        search=["name", "code", "plot__number", "document"],
        default_sort="number",
        page_acts=[PageAct(_l("名单、名录"), "plots:lists", "plots.read", icon="list-task")],
        about=_l("当日在各名单、名录上的地块；换一个日期即为当日的名单，可导出。"),
        empty=_l("当日没有地块在名单、名录上：请登记文件并登记地块。"),
    )
)  # fmt: skip

navigation.register(SECTION, _l("名单、名录"), "plots:lists", "plots.read", order=404, icon="list-task")
navigation.register(
    SECTION, _l("名单、名录文件"), "kit:collection", "plots.read", order=406, icon="file-earmark-text", args=("plot_notices",)
)  # fmt: skip

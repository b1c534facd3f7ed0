"""What kit needs to know of the schemes places put into force."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.assessment.pages.shownscheme import scheme_context
from soildesk.assessment.queries import records
from soildesk.assessment.queries.standing import scheme_of
from soildesk.core.permissions import Actor
from soildesk.enterprises.register.records import stopped
from soildesk.kit import cells, register
from soildesk.kit.faces import RecordPage
from soildesk.kit.filters import ChoiceFilter, TextFilter
from soildesk.kit.parts import Act, Chip, Event
from soildesk.kit.register import Column, PageAct, Register, Row

SECTION = _l("考核评估")
IN_FORCE = {True: ("good", "check-circle-fill", _l("现行")), False: ("calm", "clock-history", _l("已被新版代替"))}


def adoption(actor: Actor, row: Row, on: date) -> RecordPage:
    """One version: what it says, and how sure each line is."""
    found = records.adoption_of(actor, row["uid"])
    assert found is not None
    standing = found.superseded_at is None
    tone, icon, word = IN_FORCE[standing]
    old = "" if standing else _("已被新版代替。")
    return RecordPage(
        chips=[Chip(tone, str(word), icon)],  # type: ignore[arg-type]
        acts=[
            Act(_("发起考核"), f"{reverse('assessment:open')}?adoption={found.uid}", "plus-lg", primary=True,
                stopped_by=old or stopped(actor, "assessment.open", found)),
            Act(_("修改分值、目标（另存新版）"), f"{reverse('assessment:adopt', args=[found.scheme])}?year={found.year}", "pencil",
                stopped_by=old or stopped(actor, "assessment.adopt", found)),
            Act("Excel", reverse("assessment:own_workbook", args=[found.uid]), "file-earmark-text"),
        ],
        history=[
            Event(one.adopted_at, one.adopted_by.name if one.adopted_by else "", _("采用第 %(n)d 版") % {"n": one.version},
                  " ".join(each for each in (one.document, one.ground) if each))
            for one in records.versions_of(found)
        ],
        template="assessment/adoption.html",
        context=scheme_context(scheme_of(found), found.changes),
    )  # fmt: skip


ADOPTIONS = register.add(
    Register(
        name="assessment.adoptions",
        collection="assessment_schemes",
        title=_l("考核方案"),
        permission="assessment.read",
        queryset=records.adoptions,
        record=adoption,
        columns=[
            Column("title", _l("考核方案"), sort="title", width=26, frozen=True, format=cells.link),
            Column("place", _l("考核地区"), "place_name", width=9),
            Column("year", _l("年度"), sort="year", width=5, type="integer"),
            Column("version", _l("版本"), sort="version", width=5, numeric=True, format=cells.number, type="integer"),
            Column("document", _l("文号"), width=14),
            Column("ground", _l("依据和说明"), width=18, format=cells.clamp),
            Column("adopted_at", _l("采用时间"), sort="adopted_at", width=8, format=cells.day, type="datetime"),
            Column("office", _l("印发单位"), width=13, shown=False),
        ],
        filters=[
            TextFilter("year", _l("年度"), fields=["year"]),
            ChoiceFilter("show", _l("效力"), choices=[("now", _l("现行")), ("old", _l("已被新版代替"))],
                         conditions={"now": Q(superseded_at=None), "old": Q(superseded_at__isnull=False)}),
        ],
        search=["title", "document"],
        default_sort="-year,title",
        page_acts=[
            PageAct(_l("采用考核方案"), "assessment:schemes", "assessment.adopt", primary=True),
            PageAct(_l("上传本地方案"), "assessment:upload", "assessment.adopt", icon="upload"),
        ],
        views=[(_l("现行"), "show=now")],
        about=_l("本地按哪个方案考核哪一年：分值、目标、扣分、一票否决和等次都是数据，采用时可以改成本地的；改动另存新版，已发起的考核仍按原版。"),
        empty_else=("assessment.adopt", _l("还没有采用考核方案：由考核单位的签发人采用。")),
        empty=_l("还没有采用考核方案。随系统提供几个示例方案，选一个，改成本地的分值和目标即可。"),
    )
)  # fmt: skip

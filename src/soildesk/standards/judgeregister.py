"""What kit needs to know of judgements: the register of kept ones and their place in the navigation."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor
from soildesk.kit import cells, navigation, register
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter, TextFilter
from soildesk.kit.register import Column, PageAct, Register, Row
from soildesk.standards import verdicts
from soildesk.standards.models import Evaluation
from soildesk.standards.queries.evaluations import evaluations_of
from soildesk.standards.riskregister import SECTION

EXCEEDING = Q(exceeds_control__gt=0) | Q(exceeds_screening__gt=0) | Q(exceeds__gt=0)
FINDINGS = {
    "exceeding": EXCEEDING,
    "control": Q(exceeds_control__gt=0),
    "unknown": Q(unknown__gt=0),
    "clean": ~EXCEEDING & Q(unknown=0),
    "knowledge": Q(from_knowledge__gt=0),
}
OUTCOME_FIELDS = ("exceeds_control", "exceeds_screening", "exceeds", "unknown", "meets")


def _gravest(row: Row) -> str:
    """The gravest outcome there is; unknown is graver than a pass."""
    return next((name for name in OUTCOME_FIELDS if row[name]), "meets")


def _divisions(actor: Actor, on: date) -> list[tuple[Any, Any]]:
    rows = evaluations_of(actor).order_by("division_path").values_list("division_path", "division__name")
    return list(rows.distinct())


def _hide_firsts(rows: list[Row], actor: Actor, on: date) -> None:
    """A first judgement beyond the actor's scope is not named, where the column is shown at all."""
    firsts = {row["first_id"] for row in rows if row.get("first_id")}
    seen = set(evaluations_of(actor).filter(pk__in=firsts).values_list("pk", flat=True)) if firsts else set()
    for row in rows:
        if row.get("first_id") not in seen:
            row["first__title"] = None


def _counts(value: Any, row: Row) -> str:
    return " ".join(
        cells.chip_html(*verdicts.OUTCOMES[name], f"{verdicts.word(name)} {row[name]}")
        for name in OUTCOME_FIELDS
        if row[name] and name != "meets"
    ) or cells.chip_html("good", "check-circle-fill", _("全部未超标"))


def _counts_plain(value: Any, row: Row) -> str:
    told = [f"{verdicts.word(name)} {row[name]}" for name in OUTCOME_FIELDS if row[name]]
    return "；".join(told)


EVALUATIONS = register.add(
    Register(
        name="standards.evaluations",
        title=_l("判定记录"),
        permission="standards.read",
        queryset=lambda actor, on: Evaluation.objects.visible_to(actor),
        columns=[
            Column("title", _l("名称"), sort="title", width=20, frozen=True, format=cells.link),
            Column("place", _l("地区"), "division__name", sort="division_path", width=6),
            Column("standard", _l("执行标准"), sort="standard", width=12, format=cells.clamp),
            Column("day", _l("判定日期"), sort="day", width=7, format=cells.day),
            Column("result", _l("结论"), _gravest, OUTCOME_FIELDS, width=18, format=_counts, export=_counts_plain),
            Column("samples", _l("样品数"), sort="samples", width=5, numeric=True, format=cells.number),
            Column("rows", _l("结果数"), sort="rows", width=5, numeric=True, format=cells.number),
            Column(
                "from_knowledge", _l("限值待核对"), sort="from_knowledge", width=6, numeric=True, format=cells.number
            ),
            Column(
                "anew",
                _l("重新判定自"),
                "first__title",
                ["first__title", "first_id"],
                width=10,
                format=cells.clamp,
                shown=False,
            ),
            Column("keeper", _l("保管单位"), "owner_department__name", width=10, shown=False),
            Column("maker", _l("判定人"), "by__name", width=5),
            Column("at", _l("保存时间"), sort="at", width=9, format=cells.moment),
        ],
        filters=[
            ChoiceFilter(
                "found",
                _l("结论"),
                choices=[
                    ("exceeding", _l("有超标")),
                    ("control", _l("有超管制值")),
                    ("unknown", _l("有无法判断")),
                    ("clean", _l("全部未超标")),
                    ("knowledge", _l("限值待核对")),
                ],
                conditions=FINDINGS,
            ),
            TextFilter("standard", _l("标准"), ["standard"]),
            ChoiceFilter("place", _l("地区"), field="division_path", choices=_divisions),
            DateRangeFilter("at", _l("保存时间"), field="at__date"),
        ],
        search=["title", "file_name", "standard"],
        enrich=_hide_firsts,
        row_url=lambda row: reverse("standards:evaluation", args=[row["uid"]]),
        page_acts=[PageAct(_l("判定一张表"), "standards:judge", "standards.judge", "plus-lg", primary=True)],
        default_sort="-at",
        totals={"samples": Sum("samples"), "rows": Sum("rows")},
        views=[(_l("有超标的"), "found=exceeding"), (_l("有无法判断的"), "found=unknown")],
        empty=_l("粘贴一张检测结果表，看每个结果是否超标、依据是什么；保存后留在这里。"),
    )
)

navigation.register(SECTION, _l("判定"), "standards:judge", "standards.judge", order=700, icon="check2-circle", key="e")
navigation.register(SECTION, _l("判定记录"), "standards:evaluations", "standards.read", order=705, icon="list")

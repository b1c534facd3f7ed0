"""The ledger of measures on polluted farmland: form, Excel, evidence, map."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Case, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor
from soildesk.farmland import useentering
from soildesk.farmland.models import FarmlandClass, UnitMeasure
from soildesk.farmland.mu import to_mu, told
from soildesk.farmland.queries import classes
from soildesk.farmland.queries.covered import with_evidence
from soildesk.farmland.queries.then import Then
from soildesk.farmland.queries.units import town
from soildesk.farmland.register import usepages
from soildesk.farmland.services.measures import MEASURES
from soildesk.farmland.usewords import class_word, measure_choices, measure_word
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import Ground, RecordPage
from soildesk.kit.filters import ChoiceFilter, TextFilter
from soildesk.kit.parts import Chip, Fact
from soildesk.kit.register import Column, PageAct, Register, Row
from soildesk.land.queries.choices import towns

SECTION = _l("农用地")
KEPT = usepages.keep(usepages.Kept(MEASURES, "farm_measures", "evidence", _l("上传佐证")))
PROVEN = {True: ("good", "check-circle-fill", _l("有佐证")), False: ("warn", "question-octagon", _l("待补佐证"))}


def measures(actor: Actor | None, on: date, known_on: datetime | None = None) -> QuerySet[UnitMeasure]:
    """The measures of years up to a day, with the class the unit has on it and whether there is evidence."""
    rows = Then(on.year, on, known_on).known(UnitMeasure.objects.visible_to(actor)).filter(year__lte=on.year)
    proven = Case(When(with_evidence(known_on), then=Value(value=True)), default=Value(value=False))
    held = Coalesce(classes.held_as("farmland_class", on, known_on), Value(""))
    return rows.annotate(proven=proven, farmland_class=held, town=town())


def page(actor: Actor, row: Row, on: date) -> RecordPage:
    """A measure: what it covers, its evidence, what is still asked for."""
    found = UnitMeasure.objects.select_related("unit", "recorded_by", "technique", "plan").get(pk=row["pk"])
    proven = row_proven(found)
    tone, icon, word = PROVEN[proven]
    why = "" if proven else _("没有佐证的措施不计入安全利用率：请上传照片、视频、方案或者收据。")
    return usepages.page(
        actor,
        found,
        KEPT,
        chips=[Chip(tone, str(word), icon, why)],  # type: ignore[arg-type]
        facts=[Fact(_("措施面积"), told(found.area_m2))],
        related=usepages.unit_links(actor, [found.unit]) + usepages.links(technique=found.technique, plan=found.plan),
    )


def row_proven(found: UnitMeasure) -> bool:
    """Whether a measure has evidence."""
    return UnitMeasure.objects.filter(with_evidence(), pk=found.pk).exists()


def _mu(row: Row) -> Any:
    return to_mu(row["area_m2"])


REGISTER = register.add(
    Register(
        name="farmland.measures",
        collection="farm_measures",
        title=_l("受污染耕地措施"),
        permission="farmland.read",
        queryset=measures,
        knows_past=True,
        columns=[
            Column("unit", _l("评价单元"), "unit__number", sort="unit__number", width=14, frozen=True, format=cells.link),
            Column("year", _l("年度"), sort="year", width=5, type="integer"),
            Column("kind", _l("措施"), lambda row: measure_word(row["kind"]), ["kind"], sort="kind", width=10),
            Column("area_mu", _l("面积（亩）"), _mu, ["area_m2"], sort="area_m2", width=7, numeric=True, format=cells.number, type="number"),
            Column("farmland_class", _l("现行类别"), lambda row: class_word(row["farmland_class"]), ["farmland_class"], width=8),
            Column("proven", _l("佐证"), width=7, format=cells.chip(PROVEN), type="boolean"),
            Column("evidence_name", _l("佐证名称或者编号"), width=14, format=cells.clamp),
            Column("finished_on", _l("到位日期"), sort="finished_on", width=8, format=cells.day, type="date"),
            Column("technique", _l("技术或者品种"), "technique__name", width=10, format=cells.clamp),
            Column("crop", _l("作物"), width=6),
            Column("doer", _l("实施主体"), width=12, format=cells.clamp),
            Column("cost_yuan", _l("费用（元）"), width=8, numeric=True, format=cells.number, type="number"),
            Column("plan", _l("所属方案"), "plan__number", width=10, shown=False),
            Column("town", _l("乡镇（街道）"), width=8),
            Column("area_m2", _l("面积（m²）"), sort="area_m2", width=8, numeric=True, format=cells.number, type="number", shown=False),
            Column("note", _l("备注"), width=12, format=cells.clamp, shown=False),
        ],
        filters=[
            TextFilter("year", _l("年度"), fields=["year"]),
            ChoiceFilter("kind", _l("措施"), choices=measure_choices),
            ChoiceFilter("class", _l("现行类别"), field="farmland_class", choices=FarmlandClass.choices),
            ChoiceFilter("proven", _l("佐证"), choices=[("yes", _l("有佐证")), ("no", _l("待补佐证"))],
                         conditions={"yes": Q(proven=True), "no": Q(proven=False)}),
            ChoiceFilter("town", _l("乡镇（街道）"), field="division_path", choices=towns),
        ],
        search=["unit__number", "evidence_name", "doer", "crop"],
        default_sort="-year",
        totals={"area_m2": Sum("area_m2")},
        ground=Ground("geometry", title="unit__number", color="#2b8a3e"),
        writing=useentering.MEASURES,
        record=page,
        page_acts=[
            PageAct(_l("安全利用率"), "farmland:rate", "farmland.read", icon="bullseye"),
            PageAct(_l("技术库和品种清单"), "kit:collection", "farmland.read", icon="bookmark", args=("techniques",)),
        ],
        views=[(_l("待补佐证"), "proven=no")],
        about=_l("每项措施记到单元、年度和面积，并要有佐证。同一块地采取几项措施，安全利用率只算一次。登错了撤销后重新登记。"),
        empty=_l("还没有措施：逐条登记，或者下载模板把台账整表导入。"),
    )
)  # fmt: skip

navigation.register(SECTION, _l("受污染耕地措施"), "kit:collection", "farmland.read", order=488, icon="list-task", args=("farm_measures",))  # fmt: skip

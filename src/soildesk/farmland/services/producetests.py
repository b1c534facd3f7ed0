"""Acts on tests of produce: taken in the field before harvest, when bought, in store, on the market. What lies above its limit
asks for a lock; nothing is locked here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.models import Division
from soildesk.core.permissions import Actor, require
from soildesk.enterprises.sentences import language
from soildesk.farmland.grainwords import content_word
from soildesk.farmland.models import Disposal, Holding, LockProposal, Lot, ProduceTest, ProduceValue, UnitVersion
from soildesk.farmland.refusals import ProduceRefused
from soildesk.farmland.services import clearances, lotduties, testduties
from soildesk.farmland.services.days import refuse_ancient
from soildesk.farmland.services.lines import line_of
from soildesk.farmland.services.offices import Acting, Line, acting
from soildesk.land.services.writing import Place, county_of, refuse_future
from soilrules.analytes import all_analytes
from soilrules.farmland.contents import in_mg_kg
from soilrules.farmland.harvests import crop_key
from soilrules.farmland.producelimits import (
    Judged,
    Misread,
    Printed,
    Sample,
    Sampled,
    judged,
    measured,
    misread,
    said_by,
)
from soilrules.farmland.rulesets import rulesets
from soilrules.standards.library import shipped

TEST = "farmland.test_produce"
Stage, Way = ProduceTest.Stage, ProduceTest.Way
CONTENTS = ("cadmium", "lead", "mercury", "inorganic_arsenic", "arsenic", "chromium")
"""Contents the form asks for; more may be told."""
TEXTS = ("number", "stage", "way", "crop", "laboratory", "report_number", "taken_at", "note")
FACTS = frozenset({*TEXTS, "sampled_on", "result_on", "batch"})


@dataclass(frozen=True, slots=True)
class Sampling:
    """One of many samples: what it is of, its facts, its contents as printed."""

    of: Of
    facts: Mapping[str, Any]
    contents: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Of:
    """What a sample is of: the ground it grew on, the lot it was taken from, who bought it; and where it was taken otherwise."""

    unit: UnitVersion | None = None
    lot: Lot | None = None
    holding: Holding | None = None
    place: Place | None = None

    @property
    def columns(self) -> dict[str, Any]:
        """The place a test is kept in."""
        row = self.unit or self.lot
        if row is not None:
            return {"division_path": row.division_path, "owner_department_id": row.owner_department_id}
        if self.place is None:
            raise ProduceRefused(
                _("没有写明样品来自哪个单元、批次或者地方：请填写其中一项。"), code="farmland.produce.place"
            )
        return self.place.columns


@transaction.atomic
def record(
    of: Of, facts: Mapping[str, Any], contents: Mapping[str, str], *, by: Actor, at: datetime, stands_in: str = ""
) -> ProduceTest:
    """A sample, with its result where that is known already; above the limit, a lock is proposed."""
    made, office = _insert(Sampling(of, facts, contents), by, at, stands_in)
    follow_up([made], by, at)
    audit.record("farmland.produce_test.recorded", subject=made, by=by, at=at, data=_data(made) | office.told)
    return made


@transaction.atomic
def record_many(told: Sequence[Sampling], *, by: Actor, at: datetime) -> list[ProduceTest]:
    """Many samples at once: all of them or none."""
    made = [_insert(one, by, at, "")[0] for one in told]
    follow_up(made, by, at)
    data = audit.bulk([_data(one) for one in made])
    audit.record("farmland.produce_test.recorded", subject="farmland.producetest", by=by, at=at, data=data)
    return made


def _insert(told: Sampling, by: Actor, at: datetime, stands_in: str) -> tuple[ProduceTest, Acting]:
    of = told.of
    clean, office, found = check_new(of, told.facts, told.contents, by=by, stands_in=stands_in)
    made = ProduceTest.objects.create(
        **of.columns, **clean, unit=of.unit.unit if of.unit else None, lot=of.lot, holding=of.holding,
        said=str(said_by(found)) if found else str(Sample.UNKNOWN), recorded_at=at, recorded_by=by.person,
    )  # fmt: skip
    _keep(made, found)
    return made, office


def check_new(
    of: Of, facts: Mapping[str, Any], contents: Mapping[str, str], *, by: Actor, stands_in: str = ""
) -> tuple[dict[str, Any], Acting, tuple[Judged, ...]]:
    """A test as it may be stored, the office that made it, its contents judged; refused where it may not be written."""
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    if unknown := sorted(set(clean) - FACTS):
        raise ProduceRefused(
            _("农产品检测没有“%(names)s”这样的内容：请核对字段。") % {"names": "、".join(unknown)},
            code="farmland.produce.words",
        )
    path = str(of.columns["division_path"])
    require(by, TEST, of.unit or of.lot or (of.place.division if of.place else None))
    clean = {name: (value or "") if name in TEXTS else value for name, value in clean.items()}
    clean["way"] = clean.get("way") or Way.LABORATORY
    _check_words(of, clean, by)
    office = acting(by, _line(of, clean["stage"]), path, stands_in)
    found = _judged(clean, contents, path)
    _refuse_twice(clean, path)
    return clean, office, found


@transaction.atomic
def tell_result(
    test: ProduceTest, facts: Mapping[str, Any], contents: Mapping[str, str], *, by: Actor, at: datetime, stands_in: str = ""
) -> ProduceTest:  # fmt: skip
    """The result of a sample that was only taken until now. It is told once."""
    held = _open(test)
    require(by, TEST, held)
    unit = UnitVersion.objects.standing(by.today).filter(unit=held.unit_id).first() if held.unit_id else None
    office = acting(by, _line(Of(unit, held.lot), held.stage), held.division_path, stands_in)
    if held.result_on is not None:
        raise ProduceRefused(
            _("这个样品已于 %(day)s 出具结果：结果有误的，请撤销后重新登记。") % {"day": held.result_on},
            code="farmland.produce.done",
        )
    said = {"crop": held.crop, "sampled_on": held.sampled_on, **facts}
    _check_days(said, by)
    if not said.get("result_on") or not contents:
        raise ProduceRefused(_("没有报告日期或者检测值：请照报告填写。"), code="farmland.produce.values")
    found = _judged(said, contents, held.division_path)
    held.result_on, held.said = said["result_on"], str(said_by(found))
    held.laboratory = said.get("laboratory") or held.laboratory
    held.report_number = said.get("report_number") or held.report_number
    held.save(update_fields=["result_on", "said", "laboratory", "report_number"])
    _keep(held, found)
    follow_up([held], by, at)
    audit.record("farmland.produce_test.told", subject=held, by=by, at=at, data=_data(held) | office.told)
    return held


@transaction.atomic
def take_back(test: ProduceTest, *, why: str, by: Actor, at: datetime) -> ProduceTest:
    """A test that was told wrongly: it proves nothing any more. One that led to a lock cannot be taken back before the lock is lifted."""
    held = _open(test)
    require(by, TEST, held)
    if not why.strip():
        raise ProduceRefused(_("请写明撤销的原因：原因会留在历史里。"), code="farmland.produce.why_missing")
    proposal = LockProposal.objects.select_for_update().filter(test=held).first()
    if proposal is not None and proposal.state == LockProposal.State.CONFIRMED:
        raise ProduceRefused(
            _("批次 %(lot)s 依据这次检测锁定：请先解除锁定。") % {"lot": proposal.lot.number if proposal.lot else ""},
            code="farmland.produce.used",
        )
    if cleared := Disposal.objects.filter(superseded_at=None, test=held).select_related("lot").first():
        raise ProduceRefused(
            _("批次 %(lot)s 的粮食依据这次检测按复检合格处理：请先撤销那条处置记录。") % {"lot": cleared.lot.number},
            code="farmland.produce.used",
        )
    held.superseded_at, held.reason = at, why.strip()[:300]
    held.save(update_fields=["superseded_at", "reason"])
    if proposal is not None:
        proposal.superseded_at, proposal.reason = at, held.reason
        proposal.save(update_fields=["superseded_at", "reason"])
        lotduties.fit_proposals([proposal], by=by)
    lotduties.fit_recalls([held], by=by)
    if held.unit_id:
        testduties.fit([held.unit_id], by=by)
    audit.record(
        "farmland.produce_test.taken_back", subject=held, by=by, at=at, data=_data(held) | {"why": held.reason}
    )
    return held


def explained(test: ProduceTest) -> dict[str, str]:
    """Why each content of a test says what it says, by the limit of its day, in the reader's language."""
    contents = {one.analyte: in_mg_kg(one.printed, one.unit) for one in test.values.all()}
    said = {"crop": test.crop, "sampled_on": test.sampled_on, "result_on": test.result_on}
    found = _judge(said, contents, test.division_path) if contents else ()
    return {one.printed.analyte: one.verdict.sentence(language()) for one in found}


def _line(of: Of, stage: str) -> Line:
    """Whose a test is: the office of the ground tests in the field, the grain office in store, the market office on the market."""
    if stage == Stage.MARKET:
        return Line.MARKET
    if stage in (Stage.PURCHASE, Stage.STORE):
        return Line.GRAIN
    return line_of(of.unit) if of.unit else Line.FARMING


def _check_words(of: Of, clean: Mapping[str, Any], by: Actor) -> None:
    for name, title in (("number", _("样品编号")), ("crop", _("农产品"))):
        if not clean.get(name):
            raise ProduceRefused(
                _("没有填写%(what)s：请照采样单填写。") % {"what": title}, code="farmland.produce.words"
            )
    if clean.get("stage") not in Stage.values or clean["way"] not in Way.values:
        raise ProduceRefused(_("没有选择检测环节或者方式：请选择。"), code="farmland.produce.words")
    if clean["stage"] == Stage.FIELD and of.unit is None and of.holding is None:
        raise ProduceRefused(
            _("临田检测没有写明评价单元：请填写单元编号、代码或者名称。"), code="farmland.produce.unit"
        )
    if clean["stage"] == Stage.PURCHASE and of.holding is None and of.lot is None:
        raise ProduceRefused(_("收购检测没有写明收购企业或者批次：请填写其中一项。"), code="farmland.produce.holding")
    if clean["stage"] == Stage.MARKET and not clean.get("taken_at"):
        raise ProduceRefused(_("市场抽检没有写明采样地点：请填写市场、超市或者经营户。"), code="farmland.produce.place")
    _check_days(clean, by)
    if of.lot is not None:
        _check_lot(of.lot, clean)


def _check_lot(lot: Lot, clean: Mapping[str, Any]) -> None:
    """Refuse a sample that cannot be of the grain of its lot."""
    if crop_key(str(clean["crop"])) != crop_key(lot.crop):
        raise ProduceRefused(
            _("批次 %(lot)s 是%(grain)s，样品是%(crop)s：请核对批次和农产品。")
            % {"lot": lot.number, "grain": lot.crop, "crop": clean["crop"]},
            code="farmland.produce.lot",
        )
    since = clearances.grain_since(lot) or date(lot.year, 1, 1)
    if clean["sampled_on"] < since:
        raise ProduceRefused(
            _("采样日期 %(on)s 早于批次 %(lot)s 的粮食（%(since)s）：请核对。")
            % {"on": clean["sampled_on"], "lot": lot.number, "since": since},
            code="farmland.produce.days",
        )


def _check_days(said: Mapping[str, Any], by: Actor) -> None:
    sampled, result = said.get("sampled_on"), said.get("result_on")
    if not sampled:
        raise ProduceRefused(_("没有采样日期：限量按采样当日有效的标准执行，请填写。"), code="farmland.produce.days")
    for day in filter(None, (sampled, result)):
        refuse_future(day, by, ProduceRefused, "farmland.produce.future")
        refuse_ancient(day, ProduceRefused, "farmland.produce.days")
    if result and result < sampled:
        raise ProduceRefused(
            _("报告日期 %(result)s 早于采样日期 %(sampled)s：请核对。") % {"result": result, "sampled": sampled},
            code="farmland.produce.days",
        )


def _judged(said: Mapping[str, Any], contents: Mapping[str, str], path: str) -> tuple[Judged, ...]:
    texts = {analyte: str(text or "").strip() for analyte, text in contents.items()}
    told = {analyte: text for analyte, text in texts.items() if text and measured(text)}
    if unknown := sorted(set(told) - set(all_analytes())):
        raise ProduceRefused(
            _("没有“%(names)s”这样的检测项目：请核对。") % {"names": "、".join(unknown)}, code="farmland.produce.values"
        )
    if bool(told) != bool(said.get("result_on")):
        raise ProduceRefused(
            _("检测值和报告日期要一起填写：有检测值的填写报告日期，还没有结果的两项都留空。"),
            code="farmland.produce.values",
        )
    if long := [text for text in told.values() if len(text) > 40]:
        raise ProduceRefused(
            _("检测值“%(text)s”太长：请照报告填写数值。") % {"text": long[0]}, code="farmland.produce.values"
        )
    for analyte, text in told.items():
        _refuse_misread(analyte, text)
    return _judge(said, told, path)


def _judge(said: Mapping[str, Any], told: Mapping[str, str], path: str) -> tuple[Judged, ...]:
    sampled = Sampled(said["crop"], said["sampled_on"], _code(path))
    return judged([Printed(*one) for one in told.items()], sampled, shipped(), next(iter(rulesets().values())))


def _refuse_misread(analyte: str, text: str) -> None:
    """Refuse what no laboratory prints: 0 would pass every limit, and what cannot be read answers nothing."""
    why = misread(Printed(analyte, text))
    if why is None:
        return
    words = {
        Misread.UNREADABLE: _("%(what)s的检测值“%(text)s”看不懂：请照报告填写，如 0.12、<0.01、未检出；单位是 mg/kg。"),
        Misread.NEGATIVE: _("%(what)s的检测值“%(text)s”小于 0：请核对；没有检出的写“<检出限”。"),
        Misread.ZERO: _("%(what)s的检测值“%(text)s”不是检测结果：没有检出的写“<检出限”，没有测的留空。"),
        Misread.TOO_MUCH: _("%(what)s的检测值“%(text)s”比整个样品还多：请核对数值和单位（mg/kg）。"),
    }
    name = content_word(analyte)
    raise ProduceRefused(words[why] % {"what": name, "text": text}, code="farmland.produce.values")


def _code(path: str) -> str:
    found = Division.objects.filter(path=county_of(path)).order_by("-since").first()
    return found.code if found else ""


def _refuse_twice(clean: Mapping[str, Any], path: str) -> None:
    rows = ProduceTest.objects.filter(superseded_at=None, number=clean["number"], stage=clean["stage"])
    if rows.filter(division_path__startswith=county_of(path)).exists():
        raise ProduceRefused(
            _("样品“%(number)s”已经登记：请打开原来的记录。") % {"number": clean["number"]},
            code="farmland.produce.twice",
        )


def _keep(test: ProduceTest, found: tuple[Judged, ...]) -> None:
    ProduceValue.objects.bulk_create(
        ProduceValue(
            test=test, analyte=one.printed.analyte, printed=one.printed.text, unit=one.printed.unit,
            limit=one.limit, edition=one.edition[:40], verdict=str(one.tested), ratio=_float(one.ratio),
        )
        for one in found
    )  # fmt: skip


def _float(ratio: Decimal | None) -> float | None:
    return None if ratio is None else float(ratio)


def follow_up(tests: Sequence[ProduceTest], by: Actor, at: datetime) -> None:
    """What results lead to: a lock proposed where one lies above, the duties of the seasons done."""
    above = [one for one in tests if Sample(one.said).above]
    proposed = [
        LockProposal.objects.create(
            division_path=one.division_path, owner_department_id=one.owner_department_id, test=one,
            unit_id=unit, crop=one.crop, on=one.result_on or by.today, recorded_at=at, recorded_by=by.person,
        )
        for one in above if (unit := _ground(one))
    ]  # fmt: skip
    if proposed:
        lotduties.fit_proposals(proposed, by=by)
    lotduties.fit_recalls(above, by=by)
    if of_units := [one.unit_id for one in tests if one.unit_id]:
        testduties.fit(of_units, by=by)


def _ground(test: ProduceTest) -> int | None:
    """The unit a lock is proposed for: that of the sample, or of the lot it was taken from while that is not locked."""
    if test.unit_id or test.lot is None or test.lot.locked_on is not None:
        return test.unit_id
    return test.lot.units.order_by("number").values_list("pk", flat=True).first()


def _open(test: ProduceTest) -> ProduceTest:
    held = ProduceTest.objects.select_for_update().get(pk=test.pk)
    if held.superseded_at is not None:
        raise ProduceRefused(_("这次检测已经撤销：请刷新页面。"), code="farmland.produce.used")
    return held


def _data(test: ProduceTest) -> dict[str, Any]:
    return {
        "number": test.number,
        "stage": test.stage,
        "unit": test.unit.number if test.unit else "",
        "crop": test.crop,
        "said": test.said,
    }

"""Produce and grain: seasons, tests at every stage, lots that were locked, and where each tonne went."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from soildesk.farmland.models.told import Told
from soildesk.farmland.models.units import Household, Unit


class Season(Told):
    """One crop on a unit from sowing to harvest; a unit at risk owes a test before `harvest_from`.

    Of gardens and forest `sown_on` is the day from which the fruit of this season counts.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="seasons")
    year = models.PositiveSmallIntegerField(_("年度"))
    crop = models.CharField(_("作物"), max_length=80)
    variety = models.CharField(_("品种"), max_length=80, blank=True)
    sown_on = models.DateField(_("播种（当季起始）日期"), null=True, blank=True)
    harvest_from = models.DateField(_("开始收获日期"), null=True, blank=True)
    area_m2 = models.DecimalField(_("种植面积"), max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        indexes = [models.Index(name="season_year", fields=["year", "unit"], condition=Q(superseded_at=None))]


class Lot(Told):
    """Grain of one crop from ground that was locked, or that is followed without a lock; its tonnes must balance.

    A lot lives: its harvest and its unlocking are told by acts, each in the audit; the lock itself never changes.
    """

    number = models.CharField(_("批次编号"), max_length=40, unique=True)
    season = models.ForeignKey(Season, models.PROTECT, null=True, blank=True, related_name="lots")
    units = models.ManyToManyField(Unit, related_name="lots", verbose_name=_("锁定单元"))
    crop = models.CharField(_("作物"), max_length=80)
    year = models.PositiveSmallIntegerField(_("年度"))
    area_m2 = models.DecimalField(_("锁定面积"), max_digits=14, decimal_places=2)
    harvest_t = models.DecimalField(_("产量（吨）"), max_digits=12, decimal_places=3, null=True, blank=True)
    harvested_on = models.DateField(_("收获日期"), null=True, blank=True)
    locked_on = models.DateField(_("锁定日期"), null=True, blank=True)
    lock_document = models.CharField(_("锁定依据"), max_length=200, blank=True)
    unlocked_on = models.DateField(_("解除日期"), null=True, blank=True)
    unlock_document = models.CharField(_("解除依据"), max_length=200, blank=True)
    unlock_why = models.CharField(_("未说明数量的处理"), max_length=300, blank=True)


class ProduceTest(Told):
    """One sample of produce tested at a stage: in the field before harvest, when bought, in store, on the market.

    Limits are those of the edition of GB 2762 in force on the day of the sample. A result that came through the laboratory
    room is not typed here again: it is read there.
    """

    class Stage(models.TextChoices):
        FIELD = "field", _("临田检测")
        PURCHASE = "purchase", _("收购检测")
        STORE = "store", _("库存检测")
        MARKET = "market", _("市场抽检")

    class Way(models.TextChoices):
        LABORATORY = "laboratory", _("实验室检测")
        RAPID = "rapid", _("快速检测")

    number = models.CharField(_("样品编号"), max_length=60)
    stage = models.CharField(_("环节"), max_length=10, choices=Stage)
    way = models.CharField(_("方式"), max_length=12, choices=Way, default=Way.LABORATORY)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="produce_tests")
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, blank=True, related_name="tests")
    holding = models.ForeignKey("farmland.Holding", models.PROTECT, null=True, blank=True, related_name="tests")
    crop = models.CharField(_("农产品"), max_length=80)
    sampled_on = models.DateField(_("采样日期"))
    result_on = models.DateField(_("报告日期"), null=True, blank=True)
    laboratory = models.CharField(_("检测机构"), max_length=160, blank=True)
    report_number = models.CharField(_("报告编号"), max_length=120, blank=True)
    taken_at = models.CharField(_("采样地点"), max_length=200, blank=True)  # of a market or store
    said = models.CharField(_("结论"), max_length=10, default="unknown")  # a Sample of soilrules.farmland.producelimits

    class Meta:
        indexes = [
            models.Index(name="producetest_unit", fields=["unit", "sampled_on"], condition=Q(superseded_at=None))
        ]


class ProduceValue(models.Model):
    """One content of a sample of produce, as printed, and the verdict by the limit of its day."""

    test = models.ForeignKey(ProduceTest, models.CASCADE, related_name="values")
    analyte = models.CharField(_("项目"), max_length=60)  # slug of soilrules.analytes
    printed = models.CharField(_("检测值"), max_length=40)
    unit = models.CharField(_("单位"), max_length=20)
    limit = models.DecimalField(_("限量"), max_digits=12, decimal_places=6, null=True)
    edition = models.CharField(_("标准"), max_length=40, blank=True)
    verdict = models.CharField(_("结论"), max_length=10)  # within, light, severe, unknown: soilrules.farmland.produce
    ratio = models.FloatField(_("超标倍数"), null=True)  # measured ÷ limit

    class Meta:
        constraints = [models.UniqueConstraint(name="produce_value_once", fields=["test", "analyte"])]


class LockProposal(Told):
    """A test over the limit that asks for a lock 锁定建议; nothing is locked until the farming office confirms it."""

    class State(models.TextChoices):
        OPEN = "open", _("待确认")
        CONFIRMED = "confirmed", _("已锁定")
        DISMISSED = "dismissed", _("不锁定")

    test = models.OneToOneField(ProduceTest, models.PROTECT, related_name="proposal")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="lock_proposals")
    crop = models.CharField(_("作物"), max_length=80)
    on = models.DateField(_("提出日期"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.OPEN)
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, blank=True, related_name="proposals")
    closed_on = models.DateField(_("确认日期"), null=True, blank=True)
    closed_why = models.CharField(_("确认说明"), max_length=300, blank=True)


class LotHousehold(Told):
    """What a household of a locked lot keeps as food: the grain that reaches a table. Internal data.

    Told anew, the row before is superseded. What replaces it or became of it is a `Disposal` of the household.
    """

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="households")
    household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    area_m2 = models.DecimalField(_("锁定面积"), max_digits=14, decimal_places=2)
    kept_t = models.DecimalField(_("自留口粮（吨）"), max_digits=12, decimal_places=3, null=True, blank=True)
    told_on = models.DateField(_("登记日期"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="lot_household_once", fields=["lot", "household"], condition=Q(superseded_at__isnull=True)
            )
        ]


class LotMove(Told):
    """Tonnes of a lot that went one of the ways of soilrules.farmland.grain, on paper; 0 says that nothing went so.

    What is kept as food is told by household (`LotHousehold`); here only that nobody keeps any.
    """

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="moves")
    part = models.CharField(_("去向"), max_length=12)  # a Part of soilrules.farmland.grain
    tonnes = models.DecimalField(_("数量（吨）"), max_digits=12, decimal_places=3)
    on = models.DateField(_("日期"))
    to = models.CharField(_("接收单位或者仓房"), max_length=160, blank=True)
    to_code = models.CharField(_("接收单位统一社会信用代码"), max_length=18, blank=True)
    separate = models.BooleanField(_("单收单储"), null=True)
    document = models.CharField(_("凭证编号"), max_length=120, blank=True)


class Disposal(Told):
    """What became of tonnes of a locked lot: of a move, or of what a household keeps: sold directed, destroyed, replaced."""

    class Kind(models.TextChoices):
        FEED = "feed", _("定向销售作饲料")
        INDUSTRY = "industry", _("定向销售作工业原料")
        DESTROYED = "destroyed", _("无害化处置")
        CLEARED = "cleared", _("复检合格")  # a test of its lot proves it
        REPLACED = "replaced", _("置换口粮")

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="disposals")
    move = models.ForeignKey(LotMove, models.PROTECT, null=True, blank=True, related_name="disposals")
    household = models.ForeignKey(Household, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(_("处置方式"), max_length=10, choices=Kind)
    tonnes = models.DecimalField(_("数量（吨）"), max_digits=12, decimal_places=3)
    on = models.DateField(_("日期"))
    to = models.CharField(_("接收单位"), max_length=160, blank=True)
    document = models.CharField(_("凭证编号"), max_length=120)
    test = models.ForeignKey(ProduceTest, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="disposal_of_move_or_household",
                condition=Q(move__isnull=True, household__isnull=False) | Q(move__isnull=False, household__isnull=True),
            )
        ]


class LotPayment(Told):
    """Money paid for a lot: the price of what was bought, what replaces food, what a disposal costs; finance pays."""

    class Purpose(models.TextChoices):
        PURCHASE = "purchase", _("收购资金")
        REPLACEMENT = "replacement", _("置换口粮补助")
        DISPOSAL = "disposal", _("处置费用")
        STORAGE = "storage", _("储存费用")
        OTHER = "other", _("其他")

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="payments")
    purpose = models.CharField(_("用途"), max_length=12, choices=Purpose)
    yuan = models.DecimalField(_("金额（元）"), max_digits=14, decimal_places=2)
    on = models.DateField(_("支付日期"))
    payer = models.CharField(_("付款单位"), max_length=120)
    payee = models.CharField(_("收款单位"), max_length=160)
    document = models.CharField(_("凭证编号"), max_length=120)


class GrainNotice(Told):
    """A notice about grain over the limit to another office: lock, recall, buy separately; it answers by a day."""

    class Kind(models.TextChoices):
        LOCK = "lock", _("锁定通报")
        PURCHASE = "purchase", _("定向收购通知")
        RECALL = "recall", _("召回通知")

    number = models.CharField(_("编号"), max_length=40, unique=True)
    kind = models.CharField(_("类型"), max_length=10, choices=Kind)
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, blank=True, related_name="notices")
    test = models.ForeignKey(ProduceTest, models.PROTECT, null=True, blank=True, related_name="+")
    to = models.ForeignKey("core.Department", models.PROTECT, related_name="+", verbose_name=_("收文单位"))
    on = models.DateField(_("发出日期"))
    text = models.CharField(_("内容"), max_length=1000)
    due = models.DateField(_("答复时限"), null=True, blank=True)
    answered_on = models.DateField(_("答复日期"), null=True, blank=True)
    answer = models.CharField(_("答复"), max_length=1000, blank=True)

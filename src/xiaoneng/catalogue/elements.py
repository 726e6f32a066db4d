"""The parts of a version beside its core: flat columns of the guide, and rows that belong to it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from xiaoneng.rules.items.content import RANK_LABELS

RANKS = [(rank.value, label) for rank, label in RANK_LABELS.items()]


class GuideColumns(models.Model):
    """What a guide tells of an item beside its name, limits and conditions."""

    statutory_note = models.CharField(max_length=200, blank=True, default="", db_default="")
    promised_note = models.CharField(max_length=200, blank=True, default="", db_default="")
    case_type = models.CharField("办件类型", max_length=20, blank=True, default="", db_default="")
    review_standard = models.TextField("审查标准", blank=True, default="", db_default="")
    quantity_limit = models.CharField("数量限制", max_length=200, blank=True, default="", db_default="")
    body_nature = models.CharField("实施主体性质", max_length=20, blank=True, default="", db_default="")
    delegated_by = models.CharField("委托部门", max_length=200, blank=True, default="", db_default="")
    undertaken_by = models.CharField("承办机构", max_length=200, blank=True, default="", db_default="")
    joined_by = models.CharField("联办机构", max_length=200, blank=True, default="", db_default="")
    exercise_level = models.CharField("行使层级", max_length=20, blank=True, default="", db_default="")
    division_of_power = models.TextField("权限划分", blank=True, default="", db_default="")
    exercise_content = models.TextField("行使内容", blank=True, default="", db_default="")
    power_source = models.CharField("权力来源", max_length=30, blank=True, default="", db_default="")
    online_depth = models.CharField("网办深度", max_length=60, blank=True, default="", db_default="")
    ways = ArrayField(models.CharField(max_length=30), default=list, db_default=[], blank=True)
    visits = models.PositiveSmallIntegerField("到现场次数", null=True, blank=True)
    visit_reason = models.CharField("必须现场办理原因", max_length=200, blank=True, default="", db_default="")
    reach = models.CharField("通办范围", max_length=30, blank=True, default="", db_default="")
    bookable = models.BooleanField(default=False, db_default=False)
    courier = models.BooleanField(default=False, db_default=False)
    paid_online = models.BooleanField(default=False, db_default=False)
    stationed = models.BooleanField("进驻大厅", default=False, db_default=False)
    single_window = models.BooleanField("一窗受理", default=False, db_default=False)
    window_authorised = models.BooleanField("窗口授权", default=False, db_default=False)
    self_service = models.BooleanField("自助可办", default=False, db_default=False)
    unstationed_ground = models.CharField("不进驻的理由", max_length=200, blank=True, default="", db_default="")
    season = models.CharField("受理时段", max_length=120, blank=True, default="", db_default="")
    form_fields = models.PositiveSmallIntegerField("填写项数", null=True, blank=True)
    open_hours = models.CharField("办理时间", max_length=200, blank=True, default="", db_default="")
    web_address = models.CharField(max_length=200, blank=True, default="", db_default="")
    mobile_address = models.CharField(max_length=200, blank=True, default="", db_default="")
    reconsideration = models.CharField("行政复议机关", max_length=200, blank=True, default="", db_default="")
    court = models.CharField("行政诉讼法院", max_length=200, blank=True, default="", db_default="")
    early_issue = models.BooleanField("容缺可以先发证", default=False, db_default=False)
    committable = models.BooleanField("可以告知承诺", default=False, db_default=False)
    commitment_text = models.TextField("承诺书内容", blank=True, default="", db_default="")
    check_days = models.PositiveSmallIntegerField("事后核查期限", null=True, blank=True)
    bears_on_safety = models.BooleanField("直接关系公共安全、人身健康、生命财产安全", default=False, db_default=False)

    class Meta:
        abstract = True


class Row(models.Model):
    """A row of a version, at its place."""

    version = models.ForeignKey("catalogue.ItemVersion", models.PROTECT, related_name="%(class)s_rows")
    position = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="%(class)s_has_one_place")]


class LegalBasis(Row):
    """A provision on which a version rests."""

    law = models.CharField("法律名称", max_length=200)
    rank = models.CharField("层级", max_length=30, choices=RANKS, default="unknown")
    document = models.CharField("文号", max_length=120, blank=True)
    article = models.CharField("条款", max_length=120, blank=True)
    text = models.TextField("条文", blank=True)
    valid_from = models.CharField("施行日", max_length=10, blank=True)
    valid_to = models.CharField("失效日", max_length=10, blank=True)

    class Meta(Row.Meta):
        constraints = [
            *Row.Meta.constraints,
            models.CheckConstraint(
                condition=Q(valid_from="") | Q(valid_to="") | Q(valid_from__lte=F("valid_to")),
                name="a_norm_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"《{self.law}》{self.article}"


class Scenario(Row):
    """A situation that selects materials."""

    name = models.CharField("情形", max_length=120)
    question = models.CharField("怎么问", max_length=200, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)

    def __str__(self) -> str:
        return self.name


class Fee(Row):
    """A charge, with its range, its basis and its exemptions."""

    name = models.CharField("收费项目", max_length=120)
    low = models.DecimalField("下限", max_digits=14, decimal_places=2, null=True, blank=True)
    high = models.DecimalField("上限", max_digits=14, decimal_places=2, null=True, blank=True)
    unit = models.CharField("计费单位", max_length=30, blank=True)
    basis = models.CharField("依据", max_length=300, blank=True)
    basis_rank = models.CharField(max_length=30, choices=RANKS, default="unknown")
    exemption = models.CharField("减免", max_length=300, blank=True)
    exemption_basis = models.CharField("减免依据", max_length=300, blank=True)
    way = models.CharField("缴费方式", max_length=60, blank=True)

    class Meta(Row.Meta):
        constraints = [
            *Row.Meta.constraints,
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lte=F("high")),
                name="a_fee_has_its_bounds_in_order",
            ),
            models.CheckConstraint(
                condition=(Q(low__isnull=True) | Q(low__gte=0)) & (Q(high__isnull=True) | Q(high__gte=0)),
                name="a_fee_is_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Result(Row):
    """What somebody has in hand in the end."""

    name = models.CharField("结果名称", max_length=200)
    kind = models.CharField("结果类型", max_length=20, default="证照")
    validity = models.CharField("有效期", max_length=120, blank=True)

    def __str__(self) -> str:
        return self.name


class Counter(Row):
    """Where and when the item is handled."""

    name = models.CharField("窗口", max_length=120)
    address = models.CharField("地址", max_length=300, blank=True)
    hours = models.CharField("时间", max_length=200, blank=True)
    phone = models.CharField("电话", max_length=120, blank=True)

    def __str__(self) -> str:
        return self.name


class Question(Row):
    """A frequent question with its answer."""

    question = models.CharField("问", max_length=300)
    answer = models.TextField("答")

    def __str__(self) -> str:
        return self.question


class SpecialStep(Row):
    """A special procedure whose time does not count."""

    kind = models.CharField("种类", max_length=60)
    days = models.PositiveSmallIntegerField("天数", null=True, blank=True)
    basis = models.CharField("依据", max_length=300, blank=True)

    def __str__(self) -> str:
        return self.kind


class Intermediary(Row):
    """A service of a third party, and the norm that demands it."""

    name = models.CharField("中介服务", max_length=200)
    basis = models.CharField("依据", max_length=300, blank=True)
    basis_rank = models.CharField(max_length=30, choices=RANKS, default="unknown")

    def __str__(self) -> str:
        return self.name


class Duty(Row):
    """A line of the list of responsibilities."""

    duty = models.TextField("责任事项")
    accountability = models.TextField("追责情形", blank=True)

    def __str__(self) -> str:
        return self.duty[:40]

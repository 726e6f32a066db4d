"""The rows around items: what is fixed above, why a version came or went, the negative list, divisions, mappings."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from xiaoneng.org.models import Department, Region


class BasicItem(models.Model):
    """An entry of the basic catalogue: what is fixed above for everybody who implements it."""

    code = models.CharField("基本编码", max_length=12, unique=True)
    name = models.CharField(max_length=300)
    kind = models.ForeignKey("catalogue.PowerKind", models.PROTECT, related_name="+")
    statutory_n = models.PositiveIntegerField(null=True, blank=True)
    statutory_unit = models.CharField(max_length=12, blank=True)
    bases = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    materials = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    free_of_charge = models.BooleanField(default=False)
    levels = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    source = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Adjustment(models.Model):
    """A decision about an item: which disposition, by which document, why, by whom; it begins or ends versions."""

    class Disposition(models.TextChoices):
        """What a decision does with an item."""

        ADD = "add", "新增"
        AMEND = "amend", "变更要素"
        CANCEL = "cancel", "取消"
        TRANSFER = "transfer", "转移"
        FREEZE = "freeze", "冻结"
        THAW = "thaw", "解冻"
        MERGE = "merge", "归并"
        DELEGATE = "delegate", "下放"
        TAKE_OVER = "take_over", "承接"
        ENTRUST = "entrust", "委托"
        IMPORT = "import", "导入"

    item = models.ForeignKey("catalogue.Item", models.PROTECT, related_name="adjustments")
    disposition = models.CharField(max_length=12, choices=Disposition)
    document = models.CharField("文号", max_length=120)
    reason = models.TextField("理由")
    ground = models.TextField("依据")
    approver = models.CharField("批准机关或批准人", max_length=120)
    notice = models.TextField("公告")
    on_running = models.TextField("对在办件的影响")
    target = models.CharField("去向", max_length=200, blank=True)
    target_item = models.ForeignKey("catalogue.Item", models.PROTECT, null=True, blank=True, related_name="receives")
    effective_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.BigIntegerField()
    begins = models.OneToOneField(
        "catalogue.ItemVersion", models.PROTECT, null=True, blank=True, related_name="begun_by"
    )
    ends = models.ForeignKey("catalogue.ItemVersion", models.PROTECT, null=True, blank=True, related_name="ended_by")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(document="") & ~Q(reason="") & ~Q(approver="") & ~Q(notice=""),
                name="an_adjustment_says_by_what_why_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(begins__isnull=False) | Q(ends__isnull=False), name="an_adjustment_changes_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_disposition_display()} {self.document}"


class NegativeEntry(models.Model):
    """A line of the negative list for investment: what is forbidden or needs leave, and on which ground."""

    class Measure(models.TextChoices):
        """Forbidden altogether, or open with leave."""

        FORBIDDEN = "forbidden", "禁止"
        WITH_LEAVE = "with_leave", "许可准入"

    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    number = models.CharField("序号", max_length=20)
    sector = models.CharField("领域", max_length=120)
    measure = models.CharField(max_length=12, choices=Measure)
    text = models.TextField("措施")
    basis = models.TextField("依据")
    document = models.CharField("公布文号", max_length=120)
    in_force = DateTimeRangeField()
    items = models.ManyToManyField("catalogue.Item", related_name="negative_entries", blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_number_of_the_negative_list_stands_once",
                expressions=[
                    ("region", RangeOperators.EQUAL),
                    ("number", RangeOperators.EQUAL),
                    ("in_force", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.sector}"


class Division(models.Model):
    """A name of an administrative division during a period; codes are reused and names change."""

    code = models.CharField("区划代码", max_length=12)
    name = models.CharField(max_length=60)
    level = models.PositiveSmallIntegerField(choices=Region.Level)
    parent_code = models.CharField(max_length=12, blank=True)
    valid = DateRangeField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_division_has_one_name_at_a_time",
                expressions=[("code", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            )
        ]
        indexes = [models.Index(fields=["parent_code"], name="division_parent")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class SavedMapping(models.Model):
    """A mapping of columns that an editor made for a source, as the text of its declarative file."""

    name = models.CharField(max_length=40, primary_key=True)
    title = models.CharField(max_length=120)
    text = models.TextField()
    made_by = models.BigIntegerField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title


class Intake(models.Model):
    """A file that an editor handed in to be imported: where it lies, how its columns are read, what came of it."""

    class State(models.TextChoices):
        """How far an intake has come."""

        MAPPING = "mapping", "对照栏目"
        WAITING = "waiting", "排队中"
        RUNNING = "running", "导入中"
        DONE = "done", "已导入"
        FAILED = "failed", "没有导入"

    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    by = models.BigIntegerField()
    at = models.DateTimeField()
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="+")
    mapping = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.MAPPING)
    progress = models.CharField(max_length=200, blank=True)
    report = models.JSONField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name

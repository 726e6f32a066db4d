"""Items of the catalogue and their dated, immutable versions."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from xiaoneng.catalogue.elements import (
    Counter,
    Duty,
    Fee,
    GuideColumns,
    Intermediary,
    LegalBasis,
    Question,
    Result,
    Scenario,
    SpecialStep,
)
from xiaoneng.catalogue.registers import Adjustment, BasicItem, Division, Intake, NegativeEntry, SavedMapping
from xiaoneng.catalogue.sought import Sought, Synonym
from xiaoneng.org.models import Department

__all__ = [
    "Adjustment", "BasicItem", "Counter", "Division", "Duty", "Fee", "Intake", "Intermediary", "Item", "ItemVersion",
    "LegalBasis", "Material", "NegativeEntry", "PowerKind", "Question", "Result", "SavedMapping", "Scenario",
    "Sought", "SpecialStep", "Step", "Synonym",
]  # fmt: skip
UNITS = ["working_day", "calendar_day", "hour", "month"]


class PowerKind(models.Model):
    """A kind of power or service; a table and no enum, because sources number the kinds differently."""

    code = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=30, unique=True)
    on_application = models.BooleanField(default=True)  # 依申请; the others are exercised ex officio

    def __str__(self) -> str:
        return self.name


class Item(models.Model):
    """A government service item of one implementing body; what it demands stands in its versions."""

    code = models.CharField("实施编码", max_length=40, unique=True)
    department = models.ForeignKey(Department, models.PROTECT, related_name="items")
    source = models.CharField("来源", max_length=120, blank=True)
    basic = models.ForeignKey(BasicItem, models.PROTECT, null=True, blank=True, related_name="items")
    # The item of the implementation list of which this is a handling item (业务办理项).
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="handling_items")
    national_code = models.CharField("国家实施编码", max_length=33, null=True, blank=True, unique=True)
    local_code = models.CharField("本地编码", max_length=60, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["department", "local_code"], name="a_local_code_stands_once"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="an_item_is_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return self.code


class ItemVersion(GuideColumns):
    """What an item demands and promises during a period; never changed once in force."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="versions")
    serial = models.PositiveIntegerField()
    in_force = DateTimeRangeField()
    name = models.CharField(max_length=300)
    kind = models.ForeignKey(PowerKind, models.PROTECT, related_name="+")
    statutory_n = models.PositiveIntegerField(null=True, blank=True)
    statutory_unit = models.CharField(max_length=12, blank=True)
    promised_n = models.PositiveIntegerField(null=True, blank=True)
    promised_unit = models.CharField(max_length=12, blank=True)
    conditions = models.TextField(blank=True)
    basis = models.TextField(blank=True)
    audience = ArrayField(models.CharField(max_length=30), default=list)
    themes = ArrayField(models.CharField(max_length=30), default=list)
    aliases = ArrayField(models.CharField(max_length=60), default=list)
    location = models.TextField(blank=True)
    phone = models.CharField(max_length=200, blank=True)
    complaint_phone = models.CharField(max_length=200, blank=True)
    result = models.CharField(max_length=120, blank=True)
    online = models.BooleanField(default=True)
    source = models.CharField(max_length=200, blank=True)
    fingerprint = models.CharField(
        max_length=64
    )  # sha256 of the source row's meaning; tells a change from a repetition

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "serial"], name="versions_of_an_item_are_numbered"),
            ExclusionConstraint(
                name="versions_of_an_item_do_not_overlap",
                expressions=[("item", RangeOperators.EQUAL), ("in_force", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(
                condition=Q(statutory_unit__in=["", *UNITS]) & Q(promised_unit__in=["", *UNITS]),
                name="limits_have_known_units",
            ),
            models.CheckConstraint(
                condition=Q(statutory_n__isnull=True)
                | Q(promised_n__isnull=True)
                | ~Q(statutory_unit=F("promised_unit"))
                | Q(promised_n__lte=F("statutory_n")),
                name="a_promise_is_not_longer_than_the_law",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} 第 {self.serial} 版"


class Material(models.Model):
    """An application material that a version asks for."""

    version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="materials")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=300)
    required = models.BooleanField(default=True)
    form = models.CharField("形式", max_length=30, default="电子或纸质")
    copies = models.PositiveSmallIntegerField(default=1)
    note = models.CharField(max_length=300, blank=True)
    source = models.CharField("从哪来", max_length=60, default="申请人自备")
    kind = models.CharField("材料类型", max_length=30, blank=True, default="", db_default="")
    standard = models.TextField("受理标准", blank=True, default="", db_default="")
    deferrable = models.BooleanField("可以容缺", default=False, db_default=False)
    deferred_days = models.PositiveSmallIntegerField("容缺时限", null=True, blank=True)
    replaceable = models.CharField("可由什么替代", max_length=120, blank=True, default="", db_default="")
    basis = models.CharField("依据", max_length=300, blank=True, default="", db_default="")
    scenarios = ArrayField(models.CharField(max_length=120), default=list, db_default=[], blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="materials_have_places")]

    def __str__(self) -> str:
        return self.name


class Step(models.Model):
    """A step of a version's review chain: its position, who takes it, in how many days."""

    class Kind(models.TextChoices):
        ACCEPT = "accept", "受理"
        REVIEW = "review", "审查"
        DECIDE = "decide", "决定"

    version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=40)
    role = models.CharField(max_length=30)
    days = models.PositiveSmallIntegerField(null=True, blank=True)
    unit = models.CharField(max_length=12, default="working_day")
    standard = models.TextField("审查标准", blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="steps_have_places"),
            models.CheckConstraint(condition=Q(unit__in=UNITS), name="steps_have_known_units"),
        ]

    def __str__(self) -> str:
        return self.name

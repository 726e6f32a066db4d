"""A round of compiling, what each department proposes in it, what others say to that, and comparisons of lists."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from xiaoneng.catalogue.models import Adjustment, Item
from xiaoneng.matters.models import Matter
from xiaoneng.org.models import Department, Region


class Round(models.Model):
    """A round in which a region's departments compile their lists, with the days that each stage has."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    opened_at = models.DateTimeField()
    opened_by = models.BigIntegerField()
    compile_days = models.PositiveSmallIntegerField(default=20)  # working days; each stage after it has its own
    stage_days = models.PositiveSmallIntegerField(default=10)
    notice_days = models.PositiveSmallIntegerField(default=7)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "name"], name="a_round_is_named_once_in_a_region"),
            models.CheckConstraint(
                condition=Q(compile_days__gt=0) & Q(stage_days__gt=0) & Q(notice_days__gt=0),
                name="the_stages_of_a_round_have_days",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Compilation(models.Model):
    """What a department compiles in a round; its state and its deadlines are its matter's."""

    matter = models.OneToOneField(Matter, models.PROTECT, primary_key=True, related_name="compilation")
    round = models.ForeignKey(Round, models.PROTECT, related_name="compilations")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    notice_ends = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "department"], name="a_department_compiles_once_in_a_round")
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.department}"


class Proposal(models.Model):
    """What is to become of one item: its disposition, its content to be, and why."""

    class Disposition(models.TextChoices):
        """What is to become of an item."""

        KEEP = "keep", "保留"
        ADD = "add", "新增"
        AMEND = "amend", "变更要素"
        CANCEL = "cancel", "取消"
        TRANSFER = "transfer", "转移"
        FREEZE = "freeze", "冻结"
        MERGE = "merge", "归并"
        DELEGATE = "delegate", "下放"
        TAKE_OVER = "take_over", "承接"
        ENTRUST = "entrust", "委托"

    compilation = models.ForeignKey(Compilation, models.PROTECT, related_name="proposals")
    code = models.CharField("实施编码", max_length=40)
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+")
    disposition = models.CharField(max_length=12, choices=Disposition)
    content = models.JSONField()
    reason = models.TextField("理由", blank=True)
    ground = models.TextField("依据", blank=True)
    on_running = models.TextField("对在办件的影响", blank=True)
    target = models.CharField("去向", max_length=200, blank=True)
    target_code = models.CharField("并入事项", max_length=40, blank=True)
    looked_back = models.TextField("自查说明", blank=True)
    adjustment = models.ForeignKey(Adjustment, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["compilation", "code"], name="an_item_is_proposed_once_in_a_compilation")
        ]

    def __str__(self) -> str:
        return f"{self.get_disposition_display()} {self.code}"


class Remark(models.Model):
    """What an expert, the legal office or anybody said about a compilation or one of its items, and the answer."""

    class Source(models.TextChoices):
        """Who speaks."""

        EXPERT = "expert", "专家论证"
        PUBLIC = "public", "公众意见"
        LEGAL = "legal", "合法性审查"

    compilation = models.ForeignKey(Compilation, models.PROTECT, related_name="remarks")
    proposal = models.ForeignKey(Proposal, models.PROTECT, null=True, blank=True, related_name="remarks")
    source = models.CharField(max_length=10, choices=Source)
    who = models.CharField(max_length=60)
    text = models.TextField()
    at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.BigIntegerField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="a_remark_says_something")]

    def __str__(self) -> str:
        return f"{self.who}：{self.text[:40]}"


class Comparison(models.Model):
    """A comparison of a region's list with those of others at an instant."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    others = models.ManyToManyField(Region, related_name="+")
    at = models.DateTimeField()
    by = models.BigIntegerField()
    totals = models.JSONField()

    def __str__(self) -> str:
        return f"{self.region} {self.at:%Y-%m-%d}"


class Finding(models.Model):
    """A line of a comparison's worklist: what was found, and what somebody decided about it."""

    class Kind(models.TextChoices):
        ONLY_OURS = "only_ours", "只有本地有"
        LACKING = "lacking", "本地没有"
        OTHER_NAME = "other_name", "同权异名"
        SLOWER = "slower", "承诺比外地慢"
        MORE_MATERIALS = "more_materials", "材料比外地多"
        DUPLICATE = "duplicate", "部门间重复"

    class Verdict(models.TextChoices):
        """What somebody decided about a finding."""

        KEEP = "keep", "维持"
        CANCEL = "cancel", "拟取消"
        MERGE = "merge", "拟归并"
        RENAME = "rename", "拟统一名称"
        ADD = "add", "拟新增"
        SHORTEN = "shorten", "拟压缩时限"
        CUT = "cut", "拟减少材料"
        NOT_THE_SAME = "not_the_same", "不是同一事项"

    comparison = models.ForeignKey(Comparison, models.PROTECT, related_name="findings")
    kind = models.CharField(max_length=16, choices=Kind)
    ours = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+")
    theirs = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+")
    score = models.PositiveSmallIntegerField()
    words = models.TextField()
    verdict = models.CharField(max_length=16, choices=Verdict, blank=True)
    reason = models.TextField(blank=True)
    decided_by = models.BigIntegerField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="") | (Q(decided_by__isnull=False) & Q(decided_at__isnull=False) & ~Q(reason="")),
                name="a_verdict_has_somebody_and_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(ours__isnull=False) | Q(theirs__isnull=False), name="a_finding_is_about_an_item"
            ),
        ]
        indexes = [models.Index(fields=["comparison", "kind"], name="finding_by_kind")]

    def __str__(self) -> str:
        return self.words

"""What lies beside joint cases and agent service: themes with their items, branches, and the plans of agents."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from xiaoneng.catalogue.models import Item, ItemVersion
from xiaoneng.matters.models import Matter
from xiaoneng.org.models import Department
from xiaoneng.rules.parallel import Outcome

OUTCOMES = [(each.value, each.label) for each in Outcome]


class Theme(models.Model):
    """One thing (一件事) that people want done, whatever it takes: its items, who leads, in how many days."""

    code = models.SlugField("代码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=60)
    summary = models.CharField("一句话说明", max_length=200, blank=True)
    lead = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name="牵头部门")
    days = models.PositiveSmallIntegerField("全程期限", default=45)  # working days
    basis = models.CharField("依据", max_length=300, blank=True)
    stage = models.PositiveSmallIntegerField("工程建设阶段", null=True, blank=True)
    after = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="前一阶段")
    active = models.BooleanField("开放申请", default=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(days__gte=1, days__lte=45), name="a_theme_keeps_to_forty_five_days"),
            models.CheckConstraint(condition=~Q(after=F("id")), name="a_theme_does_not_follow_itself"),
        ]

    def __str__(self) -> str:
        return self.name


class ThemeItem(models.Model):
    """An item of a theme: under which condition it is needed, and which others of the theme come before it."""

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    condition = models.CharField("什么情况下要办", max_length=120, blank=True)  # nothing: always
    after = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)  # positions

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["theme", "position"], name="items_of_a_theme_have_places"),
            models.UniqueConstraint(fields=["theme", "item"], name="an_item_stands_once_in_a_theme"),
        ]

    def __str__(self) -> str:
        return f"{self.theme_id}/{self.position}"


class JointCase(models.Model):
    """A joint case: of which theme, for which project, following which stage. Its form is an application's."""

    matter = models.OneToOneField(Matter, models.PROTECT, primary_key=True, related_name="joint_case")
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="cases")
    project = models.CharField("项目名称", max_length=120, blank=True)
    previous = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="following")

    def __str__(self) -> str:
        return f"{self.theme_id} {self.matter_id}"


class Branch(models.Model):
    """One department's part of a joint case: an application of its own from the moment at which it opens."""

    joint = models.ForeignKey(JointCase, models.PROTECT, related_name="branches")
    position = models.PositiveSmallIntegerField()
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="+")  # pinned when the whole is accepted
    after = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    matter = models.OneToOneField(Matter, models.PROTECT, null=True, blank=True, related_name="branch")
    outcome = models.CharField(max_length=10, choices=OUTCOMES, default=Outcome.WAITING.value)
    urged = models.PositiveSmallIntegerField(default=0)  # the rung that its missing opinion has reached

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["joint", "position"], name="branches_have_places"),
            models.CheckConstraint(
                condition=Q(matter__isnull=True, outcome__in=["waiting", "never"])
                | Q(matter__isnull=False, outcome__in=["open", "granted", "refused", "ended"]),
                name="a_branch_has_its_matter_when_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.joint_id}/{self.position}"


class AgencyCase(models.Model):
    """What an agent case is about; its form is an application's."""

    matter = models.OneToOneField(Matter, models.PROTECT, primary_key=True, related_name="agency_case")
    project = models.CharField("项目名称", max_length=120)
    capital = models.PositiveIntegerField("注册资本（万元）", default=0)
    investment = models.PositiveIntegerField("投资额（万元）", default=0)
    agent = models.BigIntegerField(null=True, blank=True)  # the account that took it on

    def __str__(self) -> str:
        return self.project


class AgencyStep(models.Model):
    """An approval in an agent's plan: by when, after which others, and what became of it."""

    agency = models.ForeignKey(AgencyCase, models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField()
    title = models.CharField("事项", max_length=120)
    department = models.CharField("部门", max_length=60, blank=True)
    due_on = models.DateField("计划完成")
    after = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    number = models.CharField("办件编号", max_length=40, blank=True)
    done_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "position"], name="steps_of_a_plan_have_places")]

    def __str__(self) -> str:
        return f"{self.agency_id}/{self.position} {self.title}"

"""The government as an organisation: where, who, in which role, on which calendar."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q


class Calendar(models.Model):
    """A region's working days; every import of a notice raises its version."""

    name = models.CharField(max_length=60, unique=True)
    version = models.PositiveIntegerField(default=1)
    recalculated = models.PositiveIntegerField(default=1)  # the version under which open matters have been counted anew

    def __str__(self) -> str:
        return f"{self.name} 第 {self.version} 版"


class CalendarNotice(models.Model):
    """The official document that settles one year; a year without one is provisional."""

    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="notices")
    year = models.PositiveSmallIntegerField()
    document = models.CharField(max_length=200)
    # The versions in which it stands; a later document that rearranges the year ends it.
    since = models.PositiveIntegerField(default=1)
    until = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "year"], condition=Q(until__isnull=True), name="a_year_has_one_notice"
            )
        ]

    def __str__(self) -> str:
        return self.document


class CalendarDay(models.Model):
    """A day that differs from the plain week: a holiday or a make-up working day."""

    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="days")
    day = models.DateField()
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=30)
    # The versions in which it stands: from `since` to before `until`; old versions stay readable for the doctor.
    since = models.PositiveIntegerField(default=1)
    until = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "day"], condition=Q(until__isnull=True), name="a_calendar_names_a_day_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=["holiday", "makeup"]), name="a_special_day_is_off_or_makeup"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class Region(models.Model):
    """A division of one of the four levels: city, county, township, village (a province may stand above)."""

    class Level(models.IntegerChoices):
        PROVINCE = 0, "省级"
        CITY = 1, "市级"
        COUNTY = 2, "县级"
        TOWNSHIP = 3, "乡镇级"
        VILLAGE = 4, "村级"

    code = models.CharField("行政区划代码", max_length=12, unique=True)
    name = models.CharField(max_length=60)
    sign = models.CharField("编号代字", max_length=4, default="XN")  # begins the numbers of its matters
    level = models.PositiveSmallIntegerField(choices=Level)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="regions")
    # The hours, and after each `;` the day from which others hold: 09:00-12:00,13:00-17:00;2027-06-01=09:00-12:00,15:00-18:00
    office_hours = models.CharField(max_length=400, default="09:00-12:00,13:00-17:00")

    def __str__(self) -> str:
        return self.name


class HoursVersion(models.Model):
    """The office hours of a region as they stood from a version of its calendar on; written when they first change."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="hours_versions")
    since = models.PositiveIntegerField()  # version of the calendar
    office_hours = models.CharField(max_length=400)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "since"], name="hours_of_a_version_are_written_once")]

    def __str__(self) -> str:
        return f"{self.region} 第 {self.since} 版 {self.office_hours}"


class Department(models.Model):
    """An organ that exercises powers."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="departments")
    code = models.CharField("机构代码", max_length=30)
    name = models.CharField(max_length=80)
    sign = models.CharField("机关代字", max_length=10)
    phone = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=200, blank=True)
    closed_on = models.DateField("撤销日", null=True, blank=True)
    succeeded_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="succeeds")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "name"], name="a_department_is_named_once_in_a_region")
        ]

    def __str__(self) -> str:
        return self.name


class Window(models.Model):
    """A counter of a hall at which departments receive applications."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="windows")
    name = models.CharField(max_length=60)
    place = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return self.name


class Staff(models.Model):
    """A member of staff: the account that acts, and the post it acts from."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="staff")
    department = models.ForeignKey(Department, models.PROTECT, related_name="staff")
    window = models.ForeignKey(Window, models.PROTECT, null=True, blank=True, related_name="staff")
    post = models.CharField("岗位", max_length=60)
    phone = models.CharField(max_length=30, blank=True)

    def __str__(self) -> str:
        return f"{self.department} {self.post}"


class Role(models.Model):
    """A role that can be held; the code of those that moves name stands in rules.roles."""

    code = models.CharField(max_length=30, primary_key=True)
    name = models.CharField(max_length=30)

    def __str__(self) -> str:
        return self.name


class Holding(models.Model):
    """The holding of a role during a period: for one department, for one region, or (neither named) everywhere."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="holdings")
    role = models.ForeignKey(Role, models.PROTECT, related_name="holdings")
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="holdings")
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="holdings")
    during = DateRangeField()
    authority = models.CharField("授权文书", max_length=120, blank=True)
    # Whose place somebody takes for the period (AB岗); the role then rests on the document named above.
    stands_in_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="stood_in_for"
    )

    class Meta:
        constraints = [
            # System, security and audit administrator: never one person, on no day.
            ExclusionConstraint(
                name="nobody_is_two_administrators",
                expressions=[
                    ("account", RangeOperators.EQUAL),
                    ("role", RangeOperators.NOT_EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(role__in=["system_administrator", "security_administrator", "audit_administrator"]),
            ),
            ExclusionConstraint(
                name="holdings_of_a_role_do_not_overlap",
                expressions=[
                    ("account", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("department", RangeOperators.EQUAL),
                    ("region", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=Q(during__isempty=False), name="a_holding_has_days"),
            models.CheckConstraint(
                condition=Q(department__isnull=True) | Q(region__isnull=True), name="a_holding_has_one_reach"
            ),
        ]
        indexes = [models.Index(fields=["account", "department"], name="holding_of_an_account")]

    def __str__(self) -> str:
        return f"{self.account} {self.role}"


class Setting(models.Model):
    """A setting that differs from its default; what can be set is said in org.preferences."""

    key = models.CharField(max_length=40, primary_key=True)
    value = models.JSONField()
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=60)

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"


class Announcement(models.Model):
    """What the hall announces for some days; plain text, written once and at most withdrawn."""

    title = models.CharField("标题", max_length=80)
    text = models.TextField("正文")
    office = models.CharField("发布单位", max_length=60)
    since = models.DateField()
    until = models.DateField()  # the last day
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=60)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=models.F("since")), name="an_announcement_has_days")
        ]
        indexes = [models.Index(fields=["until", "since"], name="announcement_shown")]

    def __str__(self) -> str:
        return self.title

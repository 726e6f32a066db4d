"""The kernel's rows. Its own tables are written by the database functions alone; here they can only be read."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from xiaoneng.rules.units import Threshold


class Installation(models.Model):
    """What this installation is: production, demo, test or bench."""

    one = models.BooleanField(primary_key=True)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    made_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "installation"

    def __str__(self) -> str:
        return self.kind


class Matter(models.Model):
    """Anything with an owner, a clock, a journal and a light."""

    kind = models.CharField(max_length=40)
    department = models.ForeignKey("org.Department", models.PROTECT, related_name="+")
    title = models.CharField(max_length=300)
    opened_by = models.BigIntegerField()
    opened_at = models.DateTimeField()
    open_key = models.UUIDField(null=True)
    genesis = models.BinaryField()
    item_version = models.ForeignKey("catalogue.ItemVersion", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=40)
    version = models.IntegerField()
    head = models.BinaryField()
    intake_number = models.CharField(max_length=40, null=True)
    number = models.CharField(max_length=40, null=True)
    step = models.IntegerField()
    step_name = models.CharField(max_length=40)
    desk = models.CharField(max_length=40)
    yellow_at = models.DateTimeField(null=True)
    red_at = models.DateTimeField(null=True)
    paused = models.BooleanField()
    late = models.BooleanField()
    closed = models.BooleanField()
    changed_at = models.DateTimeField(null=True)
    clocks = models.JSONField()

    class Meta:
        managed = False
        db_table = "matter"

    def __str__(self) -> str:
        return self.number or self.intake_number or f"草稿 {self.pk}"


class Entry(models.Model):
    """One line of the append-only, chained journal."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="entries")
    seq = models.IntegerField()
    move = models.CharField(max_length=40)
    actor = models.BigIntegerField()
    role = models.CharField(max_length=40)
    authority = models.CharField(max_length=120)
    at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()
    body = models.TextField()
    facts = models.JSONField()
    numbers = models.TextField()
    item_version_id = models.BigIntegerField(null=True)
    calendar_version = models.IntegerField(null=True)
    source = models.CharField(max_length=200)
    key = models.UUIDField(null=True)
    prev = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        managed = False
        db_table = "entry"

    def __str__(self) -> str:
        return f"{self.matter_id}/{self.seq} {self.move}"


class Clock(models.Model):
    """One legal clock of a matter: a view of what the matters' rows keep."""

    id = models.CharField(max_length=80, primary_key=True)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    round = models.IntegerField()
    step = models.IntegerField()
    unit = models.CharField(max_length=12)
    limit = models.IntegerField()
    extension = models.IntegerField()
    started_on = models.DateField()
    started_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    yellow_at = models.DateTimeField(null=True)
    red_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10)
    stopped_at = models.DateTimeField(null=True)
    counts = models.BooleanField()
    provisional = models.BooleanField()
    calendar_version = models.IntegerField()
    pauses = models.JSONField()

    class Meta:
        managed = False
        db_table = "clock"

    def __str__(self) -> str:
        return f"{self.name} {self.limit} {self.unit}"


class Pause(models.Model):
    """A stretch of days that a clock does not count; pauses of a clock are united and never overlap."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="pauses")
    clock = models.CharField(max_length=40)
    round = models.IntegerField()
    during = DateRangeField()
    kind = models.CharField(max_length=40)

    class Meta:
        managed = False
        db_table = "pause"

    def __str__(self) -> str:
        return f"{self.kind} {self.during}"


class Series(models.Model):
    """The last number drawn of a gap-free series."""

    key = models.CharField(max_length=120, primary_key=True)
    last = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "series"

    def __str__(self) -> str:
        return f"{self.key} {self.last}"


class Document(models.Model):
    """An outgoing document: its number and verification code were fixed in the move that issued it."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="documents")
    seq = models.IntegerField()
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=60)
    number = models.CharField(max_length=80)
    verify_code = models.CharField(max_length=20)
    issued_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "document"

    def __str__(self) -> str:
        return self.number


class DocumentFile(models.Model):
    """The printed form of a document, made by the worker or on first view."""

    document = models.OneToOneField(Document, models.PROTECT, related_name="file", db_constraint=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256


class Attachment(models.Model):
    """A file handed in for a matter: which material it is, what it is called and what it contains."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="attachments")
    slot = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.BigIntegerField()
    uploaded_at = models.DateTimeField()
    round = models.PositiveSmallIntegerField(default=0)  # 0 with the application, then each supplement

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter", "slot", "sha256"], name="a_file_stands_once_in_its_place")
        ]
        indexes = [models.Index(fields=["sha256"], name="attachment_by_content")]

    def __str__(self) -> str:
        return self.name


class WarningRule(models.Model):
    """From when lights warn: in all matters, those of a kind, or of an item, for clocks that start on a day or later.

    Rows are added and never changed; of one scope the latest that has begun holds, and one without numbers gives way.
    """

    kind = models.CharField(max_length=40, blank=True)
    item = models.ForeignKey("catalogue.Item", models.PROTECT, null=True, blank=True, related_name="+")
    percent = models.PositiveSmallIntegerField(null=True)
    least = models.PositiveSmallIntegerField(null=True)
    since = models.DateField()
    reason = models.CharField(max_length=200)
    set_by = models.CharField(max_length=60)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__isnull=True, least__isnull=True)
                | Q(percent__lte=90, least__lte=60, percent__isnull=False, least__isnull=False),
                name="a_warning_is_whole",
            ),
            models.CheckConstraint(condition=Q(item__isnull=True) | Q(kind=""), name="a_warning_has_one_scope"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.since}"

    @property
    def threshold(self) -> Threshold | None:
        """Return its numbers as a value; nothing where the wider rule holds."""
        return None if self.percent is None or self.least is None else Threshold(self.percent, self.least)

"""What was found beyond lateness, and the random samples drawn for checking."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from xiaoneng.matters.models import Matter


class Finding(models.Model):
    """A finding with the facts of its instant and the cases it rests on. Nothing in it ever changes."""

    matter = models.OneToOneField(Matter, models.PROTECT, primary_key=True, related_name="finding")
    rule = models.CharField(max_length=20)
    rule_version = models.PositiveSmallIntegerField()
    subject = models.CharField(max_length=120)  # what it is about: found again, it is the same finding
    source = models.CharField(max_length=20)
    person = models.BigIntegerField(null=True, blank=True)  # who acted, where one did
    cases = ArrayField(models.BigIntegerField(), default=list)
    evidence = models.TextField()  # JSON; the journal knows its sha256
    found_at = models.DateTimeField()
    salt = models.BinaryField(max_length=16)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "subject"], name="a_thing_is_found_once")]
        indexes = [GinIndex(fields=["cases"], name="finding_cases", fastupdate=False)]

    def __str__(self) -> str:
        return f"{self.rule} {self.subject}"


class Look(models.Model):
    """When a rule was last looked for, how long that took, and whether it came to its end."""

    rule = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()
    seconds = models.FloatField()
    finished = models.BooleanField()

    def __str__(self) -> str:
        return f"{self.rule} {self.seconds:.1f}s"


class AuditDraw(models.Model):
    """A random sample of decided cases: whoever knows the seed draws the same again."""

    seed = models.CharField("种子", max_length=64)
    wanted = models.PositiveSmallIntegerField("抽取件数")
    since = models.DateField("决定日期自")
    until = models.DateField("决定日期至")
    department_id = models.BigIntegerField(null=True, blank=True)
    population = models.PositiveIntegerField()
    cases = ArrayField(models.BigIntegerField())
    drawn_at = models.DateTimeField()
    drawn_by = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.seed} {self.wanted}/{self.population}"

"""Beside the journal: which logs were taken in, and what is asked of their cases often. The entries hold the whole."""

from __future__ import annotations

from django.db import models


class Log(models.Model):
    """A log of somebody else's, known by its name."""

    name = models.CharField(max_length=120, unique=True)
    mapping = models.CharField(max_length=60)
    source = models.CharField(max_length=200)
    taken_in_at = models.DateTimeField()
    day_unit = models.CharField(max_length=12)
    warning_days = models.PositiveSmallIntegerField()
    by_day = models.BooleanField(default=False)  # some of its stamps tell the day and no hour

    def __str__(self) -> str:
        return self.name


class Case(models.Model):
    """A case of a log, with what its source says of its times; `told` are the source's own words for the rest."""

    matter = models.OneToOneField("matters.Matter", models.PROTECT, related_name="+", primary_key=True)
    log = models.ForeignKey(Log, models.PROTECT, related_name="cases")
    name = models.CharField(max_length=200)
    digest = models.BinaryField(unique=True)
    events = models.PositiveIntegerField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    late = models.BooleanField(default=False)
    told = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "name"], name="a_case_stands_once_in_its_log")]
        indexes = [models.Index(fields=["log", "started_at"], name="case_of_a_log_by_start")]

    def __str__(self) -> str:
        return self.name


class Intake(models.Model):
    """A log that somebody handed in for the worker to take in, and what came of it."""

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", "等待导入"
        RUNNING = "running", "正在导入"
        DONE = "done", "已导入"
        FAILED = "failed", "没有导入"

    name = models.CharField(max_length=200)  # of the file
    called = models.CharField(max_length=120, blank=True)  # the log; empty: after its file
    mapping = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    by = models.BigIntegerField()
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    progress = models.CharField(max_length=200, blank=True)
    report = models.JSONField(null=True)

    def __str__(self) -> str:
        return self.name

"""Red lights on record."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from xiaoneng.matters.models import Matter
from xiaoneng.supervision.found import AuditDraw, Finding, Look
from xiaoneng.supervision.issued import Accountability, Accumulation, Card, Order, Reminder, Said

__all__ = [
    "Accountability", "Accumulation", "AuditDraw", "Card", "Done", "Finding", "Look", "Order", "RedLight", "Reminder",
    "Said", "Tally", "Turn",
]  # fmt: skip


class RedLight(models.Model):
    """A red light that came true: since when, on which clock, in whose hands. Rows are sealed batch by batch."""

    # A matter with entries is never removed, so the database need not look each one up; the constraint below finds them.
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="red_lights", db_constraint=False, db_index=False)
    clock = models.CharField(max_length=40)
    round = models.IntegerField()
    since = models.DateTimeField()  # the instant it came true, whenever it was discovered
    recorded_at = models.DateTimeField()
    department_id = models.BigIntegerField()
    step_name = models.CharField(max_length=40, blank=True)
    desk = models.CharField(max_length=40, blank=True)
    due_on = models.DateField()
    calendar_version = models.IntegerField()
    seal = models.IntegerField(null=True)  # the entry of the register that sealed it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter", "clock", "round", "since"], name="a_red_light_is_recorded_once")
        ]
        indexes = [
            BrinIndex(fields=["since"], name="red_light_since_about", pages_per_range=16, autosummarize=True),
            models.Index(fields=["id"], condition=models.Q(seal__isnull=True), name="red_light_unsealed"),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.clock} {self.since}"


class Tally(models.Model):
    """How far the tallies have counted the journal; one row. Everything they say can be counted anew from it."""

    one = models.BooleanField(primary_key=True, default=True)
    cursor = models.BigIntegerField(default=0)  # every entry up to here is counted, and none behind it
    seen = models.BigIntegerField(default=0)  # the newest entry when it was last looked for
    seen_before = models.BigIntegerField(default=0)  # once all transactions before this one ended, `seen` is settled
    folded_until = models.DateTimeField()  # turns up to here stand summed in the row of the first instant

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(one=True), name="there_is_one_tally")]

    def __str__(self) -> str:
        return f"至 {self.cursor}"


class Turn(models.Model):
    """What an instant changes in the lights of a department's open matters of one kind; sums of turns are lights."""

    pk = models.CompositePrimaryKey("turns_at", "department_id", "kind")
    turns_at = models.DateTimeField()
    department_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    green = models.IntegerField()
    yellow = models.IntegerField()
    red = models.IntegerField()
    paused = models.IntegerField()
    undecided_red = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.department_id} {self.kind} {self.turns_at}"


class Done(models.Model):
    """What a department took on and decided in a day or a month."""

    pk = models.CompositePrimaryKey("span", "since", "department_id", "kind")
    span = models.CharField(max_length=5, choices=[("day", "日"), ("month", "月")])
    since = models.DateField()
    department_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    accepted = models.IntegerField()
    decided = models.IntegerField()
    on_time = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.department_id} {self.kind} {self.since}"

"""What supervision issues: cards, urging and orders, reminders, calling to account; each with a matter of its own."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from xiaoneng.matters.models import Matter


class Card(models.Model):
    """A yellow or red card with the facts of its instant. Nothing in it changes but whether it stands."""

    matter = models.OneToOneField(Matter, models.PROTECT, primary_key=True, related_name="card")
    about = models.ForeignKey(Matter, models.PROTECT, related_name="cards")
    rule = models.CharField(max_length=20)
    rule_version = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=6, choices=[("yellow", "黄牌"), ("red", "红牌")])
    # The red light it was issued for; empty for a card that a person issued on other grounds.
    clock = models.CharField(max_length=40, blank=True)
    round = models.IntegerField(null=True, blank=True)
    since = models.DateTimeField(null=True, blank=True)
    person = models.BigIntegerField(null=True, blank=True)  # who had the matter in hand, where that is known
    person_name = models.CharField(max_length=60, blank=True)
    points = models.PositiveSmallIntegerField()
    evidence = models.TextField()  # JSON; the journal knows its sha256
    issued_at = models.DateTimeField()
    by_hand = models.BooleanField()
    escalates = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="escalated_by")
    salt = models.BinaryField(max_length=16)
    standing = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["about", "rule", "level"], condition=Q(standing=True), name="one_card_for_a_breach_at_a_level"
            ),
            models.CheckConstraint(
                condition=Q(clock="", round__isnull=True, since__isnull=True)
                | ~Q(clock="") & Q(round__isnull=False, since__isnull=False),
                name="a_card_names_its_light_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "issued_at"], name="card_of_a_person"),
            models.Index(fields=["about", "rule", "since"], name="card_about"),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.rule} {self.about_id}"


class Order(models.Model):
    """An urging notice or a supervision order about a matter: what is wanted of whom."""

    matter = models.OneToOneField(Matter, models.PROTECT, primary_key=True, related_name="supervision_order")
    about = models.ForeignKey(Matter, models.PROTECT, null=True, blank=True, related_name="supervision_orders")
    issued_at = models.DateTimeField()
    salt = models.BinaryField(max_length=16)

    class Meta:
        indexes = [models.Index(fields=["about"], name="order_about")]

    def __str__(self) -> str:
        return f"{self.matter_id}"


class Accountability(models.Model):
    """Who is called to account, for what, under which rule of accumulation; points and measure once decided."""

    matter = models.OneToOneField(Matter, models.PROTECT, primary_key=True, related_name="accountability")
    person = models.BigIntegerField()
    source_kind = models.CharField(max_length=12)
    source_id = models.BigIntegerField()
    rule = models.CharField(max_length=40)  # of accumulation, or what a person named
    sources = models.JSONField(default=list)  # what came together: kind, id, rule, day
    proposed = models.CharField(max_length=30)
    proposed_points = models.PositiveSmallIntegerField()
    measure = models.CharField(max_length=30, blank=True)
    points = models.PositiveSmallIntegerField(default=0)
    proposed_at = models.DateTimeField()
    decided_on = models.DateField(null=True, blank=True)
    salt = models.BinaryField(max_length=16)
    standing = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "source_kind", "source_id"], condition=Q(standing=True),
                name="called_to_account_once_for_a_source",
            )
        ]  # fmt: skip
        indexes = [models.Index(fields=["person", "decided_on"], name="accountability_of_a_person")]

    def __str__(self) -> str:
        return f"{self.matter_id}"


class Accumulation(models.Model):
    """A rule of accumulation as data: so many of what within how long call for which measure, from when to when."""

    code = models.CharField(max_length=20)
    label = models.CharField(max_length=120)
    source = models.CharField(max_length=12)
    rule = models.CharField(max_length=40, blank=True)
    count = models.PositiveSmallIntegerField()
    months = models.PositiveSmallIntegerField()
    measure = models.CharField(max_length=30)
    points = models.PositiveSmallIntegerField()
    basis = models.CharField("依据文件", max_length=200)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)  # the last day

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(until__isnull=True), name="an_accumulation_is_open_once"
            ),
            models.CheckConstraint(condition=Q(count__gt=0) & Q(months__gt=0), name="an_accumulation_counts_something"),
        ]

    def __str__(self) -> str:
        return self.label


class Reminder(models.Model):
    """That a rung of the ladder was told, when it came due and when it was put on record, and what was answered."""

    about = models.ForeignKey(Matter, models.PROTECT, related_name="reminders")
    rung = models.PositiveSmallIntegerField()
    who = models.CharField(max_length=30)
    red_at = models.DateTimeField()  # of the episode: a limit that is counted anew begins another
    due_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recipients = ArrayField(models.BigIntegerField())
    answer = models.CharField(max_length=500, blank=True)
    answered_by = models.BigIntegerField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["about", "red_at", "rung"], name="a_rung_is_reminded_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_by__isnull=True, answered_at__isnull=True)
                | ~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False),
                name="an_answer_has_somebody",
            ),
        ]
        indexes = [
            GinIndex(fields=["recipients"], name="reminder_recipients", fastupdate=False),
        ]

    def __str__(self) -> str:
        return f"{self.about_id} {self.rung}"


class Said(models.Model):
    """What somebody wrote in a move; the journal knows its salted hash, so that it can be erased."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="said_in_supervision")
    seq = models.IntegerField()
    name = models.CharField(max_length=30)
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "seq", "name"], name="said_once_in_an_entry")]

    def __str__(self) -> str:
        return f"{self.matter_id}/{self.seq} {self.name}"

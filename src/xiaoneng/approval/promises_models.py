"""What lies beside the journal of a promise: documents owed, promises broken, departments asked for their opinion."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from xiaoneng.matters.models import Matter
from xiaoneng.org.models import Department


class Deferral(models.Model):
    """A document that was promised for later: until when, and what became of it."""

    class Outcome(models.TextChoices):
        """What became of it."""

        OWED = "", "待补交"
        SUPPLIED = "supplied", "已补交"
        DEFAULTED = "defaulted", "逾期未补交"
        DROPPED = "dropped", "不再需要"

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="deferrals")
    seq = models.IntegerField()  # of the entry that accepted without it
    slot = models.CharField(max_length=30)
    name = models.CharField(max_length=300)
    due_on = models.DateField()
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default=Outcome.OWED)
    settled_seq = models.IntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter", "slot"], name="a_document_is_deferred_once"),
            models.CheckConstraint(
                condition=Q(outcome="", settled_seq__isnull=True) | (~Q(outcome="") & Q(settled_seq__isnull=False)),
                name="what_became_of_a_document_has_its_entry",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.name} {self.due_on}"


class Breach(models.Model):
    """A promise that was not kept, known by the keyed hash of who made it; it bars from promising for a time."""

    class Kind(models.TextChoices):
        DEFERRED = "deferred", "容缺补交"
        COMMITMENT = "commitment", "告知承诺"

    matter = models.OneToOneField(Matter, models.PROTECT, primary_key=True, related_name="breach")
    kind = models.CharField(max_length=12, choices=Kind)
    seq = models.IntegerField()  # of the entry by which it was established
    identity_mark = models.CharField(max_length=64)
    broken_on = models.DateField()
    excused_seq = models.IntegerField(null=True, blank=True)  # of the entry since which it bars no more

    class Meta:
        indexes = [models.Index(fields=["identity_mark", "broken_on"], name="breach_by_identity")]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.kind} {self.broken_on}"


class Consultation(models.Model):
    """The asking of another department: which one, until when, and the entry that ended it."""

    class State(models.TextChoices):
        """How far the answer is."""

        OPEN = "open", "待答复"
        ANSWERED = "answered", "已答复"
        CLOSED = "closed", "不再等候"

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="consultations")
    seq = models.IntegerField()
    round = models.PositiveSmallIntegerField()  # of the clock of the answer
    department = models.ForeignKey(Department, models.PROTECT, related_name="consultations")
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    closed_seq = models.IntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "department"], condition=Q(state="open"), name="a_department_is_asked_once_at_a_time"
            ),
            models.UniqueConstraint(fields=["matter", "seq"], name="an_entry_asks_one_department"),
        ]
        indexes = [models.Index(fields=["department"], condition=Q(state="open"), name="consultations_waiting")]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.department_id} {self.state}"

"""Red lights on record."""

from __future__ import annotations

from django.db import models

from xiaoneng.matters.models import Matter


class RedLight(models.Model):
    """A red light that came true: since when, on which clock, in whose hands. Rows are sealed batch by batch."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="red_lights")
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
        indexes = [models.Index(fields=["since"], name="red_light_since")]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.clock} {self.since}"

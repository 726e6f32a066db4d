"""What an application has beside its matter: who applies, what was declared, the code to ask with."""

from __future__ import annotations

from django.db import models

from xiaoneng.matters.models import Matter
from xiaoneng.people.models import Enterprise, Person


class Application(models.Model):
    """An application for an item. The payload holds the personal data; the journal knows its salted hash only."""

    class Channel(models.TextChoices):
        ONLINE = "online", "网上"
        WINDOW = "window", "窗口"

    matter = models.OneToOneField(Matter, models.PROTECT, primary_key=True, related_name="application")
    channel = models.CharField(max_length=10, choices=Channel)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="applications")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, blank=True, related_name="applications")
    filed_by = models.BigIntegerField()  # the account that wrote it: the applicant's, or the window clerk's
    applicant_name = models.CharField(max_length=120, blank=True)
    payload = models.TextField(default="{}")
    salt = models.BinaryField(max_length=16)
    recipient = models.CharField("签收人", max_length=120, blank=True)  # where it is not the applicant

    class Meta:
        indexes = [models.Index(fields=["filed_by"], name="application_filed_by")]

    def __str__(self) -> str:
        return f"{self.applicant_name} {self.matter_id}"

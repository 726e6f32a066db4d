"""What an application has beside its matter: who applies, what was declared, who of the staff sees to it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from xiaoneng.approval.beside import Renewal, Session, Terms, Words
from xiaoneng.approval.certificates_models import Certificate
from xiaoneng.approval.facts_models import HeldFact
from xiaoneng.approval.fees_models import Charge, Payment
from xiaoneng.approval.projects import AgencyCase, AgencyStep, Branch, JointCase, Theme, ThemeItem
from xiaoneng.approval.promises_models import Breach, Consultation, Deferral
from xiaoneng.matters.models import Matter
from xiaoneng.people.models import Enterprise, Person

__all__ = [
    "AgencyCase",
    "AgencyStep",
    "Application",
    "Branch",
    "Breach",
    "Certificate",
    "Charge",
    "Claim",
    "Consultation",
    "Deferral",
    "HandOver",
    "HeldFact",
    "JointCase",
    "Payment",
    "Renewal",
    "Session",
    "Terms",
    "Theme",
    "ThemeItem",
    "Words",
]  # fmt: skip


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
    # Keyed hash of the applicant's identity number: tells the same applicant again without telling who.
    identity_mark = models.CharField(max_length=64, blank=True, default="", db_default="")

    # Whether who submitted may act for the applicant: nothing to ask, not shown yet, or the paper that showed it.
    authority = models.CharField(max_length=12, blank=True, default="", db_default="")

    class Meta:
        indexes = [
            models.Index(fields=["filed_by"], name="application_filed_by"),
            models.Index(fields=["identity_mark"], condition=~Q(identity_mark=""), name="application_by_identity"),
        ]

    def __str__(self) -> str:
        return f"{self.applicant_name} {self.matter_id}"


class HandOver(models.Model):
    """The passing of cases from one person to another: who did it, when, and what the successor should know."""

    giver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    receiver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    note = models.CharField("交接说明", max_length=500)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(giver=models.F("receiver")), name="cases_are_handed_to_somebody_else")
        ]

    def __str__(self) -> str:
        return f"{self.giver_id} → {self.receiver_id}"


class Claim(models.Model):
    """Who of those at a desk sees to a case. It changes nobody's powers and no state; ended claims stay on record."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="claims")
    desk = models.CharField(max_length=40)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    hand_over = models.ForeignKey(HandOver, models.PROTECT, null=True, blank=True, related_name="claims")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "desk"], condition=Q(until__isnull=True), name="a_case_has_one_claim_at_a_desk"
            )
        ]
        indexes = [models.Index(fields=["account"], condition=Q(until__isnull=True), name="claims_of_an_account")]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.desk}：{self.account_id}"

"""What lies beside an application's journal: words that can be erased, sessions, terms of special law, renewals."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from xiaoneng.catalogue.models import ItemVersion
from xiaoneng.matters.models import Matter


class Words(models.Model):
    """What somebody wrote freely in a move; the journal knows its salted hash, so that it can be erased."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="words")
    seq = models.IntegerField()  # of the entry that knows its hash
    name = models.CharField(max_length=30)
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "seq", "name"], name="words_of_an_entry_stand_once")]

    def __str__(self) -> str:
        return f"{self.matter_id}/{self.seq} {self.name}"


class Kind(models.TextChoices):
    """What may be arranged."""

    HEARING = "hearing", "听证"
    SITE_CHECK = "site_check", "现场核查"
    PUBLICATION = "publication", "公示"


class State(models.TextChoices):
    """What became of what was arranged."""

    OPEN = "open", "已安排"
    HELD = "held", "已进行"
    CALLED_OFF = "called_off", "已取消"


class Session(models.Model):
    """A hearing, a site check or a publication that was arranged: when, where, led by whom, and what became of it."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="sessions")
    kind = models.CharField(max_length=20, choices=Kind)
    seq = models.IntegerField()  # of the entry that arranged it
    starts_at = models.DateTimeField()
    ends_on = models.DateField(null=True, blank=True)  # of a publication
    place = models.CharField(max_length=200)
    people = ArrayField(models.BigIntegerField(), default=list)  # the chair, or the officers: accounts
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    closed_seq = models.IntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "kind"], condition=Q(state="open"), name="one_session_of_a_kind_is_open"
            ),
            models.UniqueConstraint(fields=["matter", "seq"], name="an_entry_arranges_one_session"),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.kind} {self.starts_at}"


class Terms(models.Model):
    """What special law or local rules say of an item's version beside its limits."""

    version = models.OneToOneField(ItemVersion, models.PROTECT, primary_key=True, related_name="terms")
    extension_n = models.PositiveSmallIntegerField("可以延长", null=True, blank=True)
    extension_unit = models.CharField(max_length=12, blank=True)
    extension_basis = models.CharField("延长的依据", max_length=300, blank=True)
    waits = ArrayField(models.CharField(max_length=30), default=list)  # kinds that the promise leaves out
    waits_basis = models.CharField("不计入承诺的依据", max_length=300, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(extension_n__isnull=True, extension_unit="")
                | Q(extension_unit__in=["working_day", "calendar_day", "hour", "month"]) & ~Q(extension_basis=""),
                name="an_extension_of_special_law_has_unit_and_basis",
            )
        ]

    def __str__(self) -> str:
        return f"{self.version_id}"


class Renewal(models.Model):
    """That an application asks to renew a licence, which one, and when that one expires."""

    matter = models.OneToOneField(Matter, models.PROTECT, primary_key=True, related_name="renewal")
    certificate = models.CharField("许可证编号", max_length=80)
    expires_on = models.DateField("有效期届满日")
    declared_by = models.BigIntegerField()
    declared_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.certificate} {self.expires_on}"

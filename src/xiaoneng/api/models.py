"""What the interface keeps of its own: tokens, the keys of requests, how often somebody asks, webhooks, deliveries."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Token(models.Model):
    """A key with which a program acts for an account; only its hash is kept."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="tokens")
    name = models.CharField("用途", max_length=60)
    prefix = models.CharField(max_length=12, unique=True)  # shown, so that a token can be told from another
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=40))
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(scopes=[]), name="a_token_has_a_scope"),
            models.CheckConstraint(condition=Q(expires_at__gt=models.F("created_at")), name="a_token_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.prefix}…）"


class KeyedRequest(models.Model):
    """The key of a request that changes something, what was asked with it and what was answered."""

    account = models.BigIntegerField()
    key = models.UUIDField()
    fingerprint = models.CharField(max_length=64)
    status = models.SmallIntegerField(null=True)
    answer = models.TextField(default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="a_key_is_used_once")]
        indexes = [models.Index(fields=["at"], name="keyed_request_at")]

    def __str__(self) -> str:
        return str(self.key)


class Rate(models.Model):
    """How often somebody has asked in the minute that began."""

    who = models.CharField(max_length=80, primary_key=True)
    began = models.BigIntegerField()
    count = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.who} {self.count}"


class Webhook(models.Model):
    """An address that wants to be told of events, and of which."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="webhooks")
    url = models.CharField(max_length=500)
    types = ArrayField(models.CharField(max_length=60), default=list)  # none named: every type
    departments = ArrayField(models.BigIntegerField(), default=list)  # none named: the whole reach of the account
    salt = models.BinaryField(max_length=16)  # from it and the installation's secret comes the signing key
    active = models.BooleanField(default=True)
    stopped_because = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.url


class Delivery(models.Model):
    """One event on its way to one webhook."""

    class State(models.TextChoices):
        """How far a delivery has come."""

        PENDING = "pending", "待送"
        DELIVERED = "delivered", "已送达"
        DEAD = "dead", "投递失败"

    webhook = models.ForeignKey(Webhook, models.PROTECT, related_name="deliveries")
    event = models.CharField(max_length=60)
    type = models.CharField(max_length=60)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    created_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)
    answered = models.SmallIntegerField(null=True, blank=True)  # the last status, if there was an answer
    trouble = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["webhook", "event"], name="an_event_goes_once_to_a_webhook")]
        indexes = [models.Index(fields=["next_at"], condition=Q(state="pending"), name="delivery_pending")]

    def __str__(self) -> str:
        return f"{self.event} {self.state}"


class Position(models.Model):
    """How far the journal has been read for events: one row."""

    one = models.BooleanField(primary_key=True, default=True)
    entry = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.entry)

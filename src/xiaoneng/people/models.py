"""Who applies and who signs in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class AccountManager(BaseUserManager["Account"]):
    """Finds an account by its login name; Django's authentication asks for a manager."""


class Account(AbstractBaseUser):
    """A login, of a citizen or of a member of staff; its id is the actor in the journal."""

    class Kind(models.TextChoices):
        CITIZEN = "citizen", "申请人"
        STAFF = "staff", "工作人员"

    username = models.CharField("登录名", max_length=60, unique=True)
    name = models.CharField("姓名", max_length=60)
    kind = models.CharField(max_length=10, choices=Kind)
    is_active = models.BooleanField(default=True)
    # Raised to end every session of this account at once.
    session_epoch = models.PositiveIntegerField(default=0)
    must_change_password = models.BooleanField(default=False)  # somebody else knows it: it was given out
    password_set_at = models.DateTimeField(null=True, blank=True)
    second_factor_at = models.DateTimeField(null=True, blank=True)  # since when signing in asks for a code too
    expires_on = models.DateField("有效期至", null=True, blank=True)  # the last day, of temporary staff
    opened_at = models.DateTimeField(db_default=Now())  # made, or opened again
    used_at = models.DateTimeField(null=True, blank=True)  # by a program, to the day

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = AccountManager()

    def get_session_auth_hash(self) -> str:
        """Return what a session must carry to stay valid; changes with the password and the epoch."""
        return f"{super().get_session_auth_hash()}.{self.session_epoch}"

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        return f"{super()._get_session_auth_hash(secret=secret)}.{self.session_epoch}"  # type: ignore[misc]

    def __str__(self) -> str:
        return f"{self.name}（{self.username}）"


class Person(models.Model):
    """A natural person who applies, with or without an account."""

    account = models.OneToOneField(Account, models.PROTECT, null=True, blank=True, related_name="person")
    name = models.CharField("姓名", max_length=60)
    id_number = models.CharField("身份证号", max_length=18)
    phone = models.CharField("手机", max_length=20, blank=True)
    address = models.CharField("地址", max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["id_number"], name="a_person_has_one_record")]

    def __str__(self) -> str:
        return self.name


class Enterprise(models.Model):
    """A legal person or other organisation that applies."""

    name = models.CharField("名称", max_length=120)
    uscc = models.CharField("统一社会信用代码", max_length=18, unique=True)
    legal_representative = models.CharField("法定代表人", max_length=60, blank=True)
    address = models.CharField("住所", max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name


class Mandate(models.Model):
    """The authority of a person to act for an enterprise during a period."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="mandates")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="mandates")
    during = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="mandates_of_a_person_do_not_overlap",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("enterprise", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=Q(during__isempty=False), name="a_mandate_has_days"),
        ]

    def __str__(self) -> str:
        return f"{self.person}代表{self.enterprise}"


class FailedTry(models.Model):
    """A wrong password or query code; counted so that nobody can guess for long."""

    door = models.CharField(max_length=20)  # login | progress
    what = models.CharField(max_length=64)  # the name or number tried, hashed
    whence = models.CharField(max_length=45)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["door", "what", "at"], name="failed_try_what"),
            models.Index(fields=["door", "whence", "at"], name="failed_try_whence"),
        ]

    def __str__(self) -> str:
        return f"{self.door} {self.at}"


class SecondFactor(models.Model):
    """What the app on somebody's phone knows too; it counts once a first code has proved that it does."""

    account = models.OneToOneField(Account, models.PROTECT, related_name="second_factor")
    secret = models.TextField()  # sealed with the installation's key
    last_step = models.BigIntegerField(default=0)  # of the last code that was accepted; none is good twice

    def __str__(self) -> str:
        return str(self.account)


class RecoveryCode(models.Model):
    """One of the codes on paper for the day when the phone is lost; each is good once."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="recovery_codes")
    hashed = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.account} {'已用' if self.used_at else '未用'}"


class FormerPassword(models.Model):
    """A password that was in use before, hashed; kept so that it does not come back at once."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="former_passwords")
    password = models.CharField(max_length=128)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.account} {self.until}"


class Slip(models.Model):
    """A password to begin with that the window gave out; shown to whoever gave it, once, and to nobody later."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="slips")
    by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    key = models.UUIDField()  # of the form; sent again, it gives the same slip
    sealed = models.TextField(blank=True)  # with the installation's key; emptied once it was shown
    at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["by", "key"], name="a_form_gives_out_one_password")]

    def __str__(self) -> str:
        return f"{self.account} {self.at}"


class SavedView(models.Model):
    """A worklist as one person likes to open it: a name of hers and the filters that stand in the address."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="saved_views")
    name = models.CharField("名称", max_length=20)
    filters = models.CharField("筛选", max_length=500, blank=True)  # the query part of the address, in one fixed order
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="a_person_names_a_view_once")]

    def __str__(self) -> str:
        return f"{self.name}：{self.filters}"

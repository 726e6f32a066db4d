"""What was done beside the matters: who, when, from where, before and after. Rows are added and never change."""

from __future__ import annotations

from django.db import models


class Record(models.Model):
    """One act; the serving role may add and read, and a trigger refuses everybody else's second thoughts."""

    class Kind(models.TextChoices):
        CHANGE = "change", "管理变更"
        EXPORT = "export", "导出"
        UNMASK = "unmask", "查看个人信息"
        SIGN_IN = "sign_in", "登录"

    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField()
    actor = models.BigIntegerField(null=True)  # the account; nobody where a stranger tried, or the platform itself
    name = models.CharField(max_length=60)
    what = models.CharField(max_length=60)
    about = models.CharField(max_length=200)
    key = models.CharField(max_length=80)  # of what it is about, as in account:12, so that a page finds its history
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.CharField(max_length=300)
    whence = models.CharField(max_length=45)
    request = models.CharField(max_length=40)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "at"], name="record_kind"),
            models.Index(fields=["key", "at"], name="record_key"),
            models.Index(fields=["actor", "at"], name="record_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.name} {self.what} {self.about}"


class Sealed(models.Model):
    """That a record was sealed, and by which entry of the register of records; added and never changed."""

    record_id = models.BigIntegerField(
        primary_key=True
    )  # no foreign key: it holds for a record that was taken out, too
    seal = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["seal"], name="sealed_by_seal")]

    def __str__(self) -> str:
        return f"{self.record_id}：{self.seal}"

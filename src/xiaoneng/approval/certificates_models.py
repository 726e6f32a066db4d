"""The register of certificates: what one says now; how it came to that stands in its journal."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from xiaoneng.matters.models import Matter


class Certificate(models.Model):
    """A certificate of the register: one licence, one code, whatever happens to it."""

    matter = models.OneToOneField(Matter, models.PROTECT, primary_key=True, related_name="certificate")
    case = models.OneToOneField(Matter, models.PROTECT, related_name="issued_certificate")  # the grant that it rests on
    code = models.CharField("证照编码", max_length=12, unique=True)
    number = models.CharField("证照编号", max_length=60, unique=True)
    title = models.CharField("证照名称", max_length=200)
    holder_kind = models.CharField(max_length=12)
    holder_name = models.CharField("持有人", max_length=120)
    # Keyed hash of the holder's identity number: finds what somebody holds without telling who.
    holder_mark = models.CharField(max_length=64, blank=True)
    scope = models.CharField("许可内容", max_length=2000, blank=True)
    valid_from = models.DateField("有效期自")
    valid_until = models.DateField("有效期至", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("valid_from")),
                name="a_certificate_ends_after_it_begins",
            )
        ]
        indexes = [
            models.Index(fields=["holder_mark"], condition=~Q(holder_mark=""), name="certificates_of_a_holder"),
            models.Index(fields=["valid_until"], name="certificates_by_end"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"

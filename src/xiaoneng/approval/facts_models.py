"""Facts that the government holds already and that an applicant let be used in place of a material."""

from __future__ import annotations

from django.db import models

from xiaoneng.matters.models import Attachment, Matter


class HeldFact(models.Model):
    """That a held fact stands for a material of an application, on whose word and since when."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="held_facts")
    slot = models.CharField(max_length=20)
    source = models.CharField("来源", max_length=20)  # the connector that found it
    reference = models.CharField("凭据", max_length=80)  # as its source knows it: a certificate's code, a file's place
    label = models.CharField(max_length=300)
    issuer = models.CharField("由谁核发或者核验", max_length=120, blank=True)
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True, related_name="+")
    agreed_by = models.BigIntegerField()
    agreed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "slot"], name="a_material_is_replaced_once")]

    def __str__(self) -> str:
        return f"{self.matter_id}/{self.slot} {self.label}"

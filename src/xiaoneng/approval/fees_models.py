"""What a charge has beside its matter, and every attempt to pay it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from xiaoneng.matters.models import Matter


class Charge(models.Model):
    """A charge of a case: for which published fee, how much in whole fen, until when it is to be paid."""

    matter = models.OneToOneField(Matter, models.PROTECT, primary_key=True, related_name="charge")
    case = models.ForeignKey(Matter, models.PROTECT, related_name="charges")
    tariff = models.CharField("收费项目", max_length=120)
    units = models.PositiveIntegerField("数量")
    price = models.BigIntegerField("单价（分）")
    amount = models.BigIntegerField("金额（分）")
    demanded_by = models.BigIntegerField()
    demanded_on = models.DateField()
    due_on = models.DateField("缴款期限", null=True, blank=True)
    note = models.CharField("缴款通知书文号", max_length=60, blank=True)
    refunding = models.BigIntegerField("决定退而还没有退的（分）", default=0)
    refunded = models.BigIntegerField("已经退的（分）", default=0)
    live = models.BooleanField(default=True)  # stands: not void and not expired

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "tariff"], condition=Q(live=True), name="a_fee_of_a_case_is_charged_once"
            ),
            models.CheckConstraint(
                condition=Q(amount=models.F("price") * models.F("units")), name="a_charge_is_price_times_units"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0, units__gt=0), name="a_charge_is_something"),
            models.CheckConstraint(
                condition=Q(
                    refunding__gte=0, refunded__gte=0, amount__gte=models.F("refunding") + models.F("refunded")
                ),
                name="no_more_is_paid_back_than_was_paid",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tariff} {self.amount}"


class Payment(models.Model):
    """An attempt to pay a charge by one order at a provider; what it came to stands in the charge's journal."""

    class State(models.TextChoices):
        """What became of the attempt."""

        OPEN = "open", "等支付结果"
        PAID = "paid", "已到账"
        FAILED = "failed", "没有成功"
        ABANDONED = "abandoned", "放弃"
        SURPLUS = "surplus", "重复到账，已原路退回"

    charge = models.ForeignKey(Charge, models.PROTECT, related_name="payments")
    order = models.UUIDField("订单号", unique=True)
    provider = models.CharField(max_length=20)
    amount = models.BigIntegerField("金额（分）")
    begun_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    ended_at = models.DateTimeField(null=True, blank=True)
    reference = models.CharField("渠道流水号", max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["charge"], condition=Q(state="paid"), name="a_charge_is_paid_once"),
        ]
        indexes = [models.Index(fields=["ended_at"], name="payment_by_end")]

    def __str__(self) -> str:
        return f"{self.order} {self.state}"

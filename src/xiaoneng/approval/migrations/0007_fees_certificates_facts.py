import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("approval", "0006_promises"),
        ("matters", "0005_many_moves_by_columns"),
    ]

    operations = [
        migrations.CreateModel(
            name="Charge",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="charge",
                        serialize=False,
                        to="matters.matter",
                    ),
                ),
                ("tariff", models.CharField(max_length=120, verbose_name="收费项目")),
                ("units", models.PositiveIntegerField(verbose_name="数量")),
                ("price", models.BigIntegerField(verbose_name="单价（分）")),
                ("amount", models.BigIntegerField(verbose_name="金额（分）")),
                ("demanded_by", models.BigIntegerField()),
                ("demanded_on", models.DateField()),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="缴款期限")),
                ("note", models.CharField(blank=True, max_length=60, verbose_name="缴款通知书文号")),
                ("live", models.BooleanField(default=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="charges", to="matters.matter"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HeldFact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slot", models.CharField(max_length=20)),
                ("source", models.CharField(max_length=20, verbose_name="来源")),
                ("reference", models.CharField(max_length=80, verbose_name="凭据")),
                ("label", models.CharField(max_length=300)),
                ("issuer", models.CharField(blank=True, max_length=120, verbose_name="由谁核发或者核验")),
                ("agreed_by", models.BigIntegerField()),
                ("agreed_at", models.DateTimeField()),
                (
                    "attachment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="matters.attachment",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="held_facts", to="matters.matter"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.UUIDField(unique=True, verbose_name="订单号")),
                ("provider", models.CharField(max_length=20)),
                ("amount", models.BigIntegerField(verbose_name="金额（分）")),
                ("begun_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "等支付结果"),
                            ("paid", "已到账"),
                            ("failed", "没有成功"),
                            ("abandoned", "放弃"),
                            ("surplus", "重复到账，已原路退回"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("reference", models.CharField(blank=True, max_length=60, verbose_name="渠道流水号")),
                (
                    "charge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="payments", to="approval.charge"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="certificate",
                        serialize=False,
                        to="matters.matter",
                    ),
                ),
                ("code", models.CharField(max_length=12, unique=True, verbose_name="证照编码")),
                ("number", models.CharField(max_length=60, unique=True, verbose_name="证照编号")),
                ("title", models.CharField(max_length=200, verbose_name="证照名称")),
                ("holder_kind", models.CharField(max_length=12)),
                ("holder_name", models.CharField(max_length=120, verbose_name="持有人")),
                ("holder_mark", models.CharField(blank=True, max_length=64)),
                ("scope", models.CharField(blank=True, max_length=2000, verbose_name="许可内容")),
                ("valid_from", models.DateField(verbose_name="有效期自")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="有效期至")),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="issued_certificate",
                        to="matters.matter",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("holder_mark", ""), _negated=True),
                        fields=["holder_mark"],
                        name="certificates_of_a_holder",
                    ),
                    models.Index(fields=["valid_until"], name="certificates_by_end"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="a_certificate_ends_after_it_begins",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.UniqueConstraint(
                condition=models.Q(("live", True)), fields=("case", "tariff"), name="a_fee_of_a_case_is_charged_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "amount",
                        django.db.models.expressions.CombinedExpression(models.F("price"), "*", models.F("units")),
                    )
                ),
                name="a_charge_is_price_times_units",
            ),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0), ("units__gt", 0)), name="a_charge_is_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="heldfact",
            constraint=models.UniqueConstraint(fields=("matter", "slot"), name="a_material_is_replaced_once"),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["ended_at"], name="payment_by_end"),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "paid")), fields=("charge",), name="a_charge_is_paid_once"
            ),
        ),
    ]

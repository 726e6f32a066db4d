from typing import Any

import django.db.models.deletion
from django.db import migrations, models

MATTER: dict[str, Any] = {"on_delete": django.db.models.deletion.PROTECT, "to": "matters.matter"}


class Migration(migrations.Migration):
    dependencies = [
        ("approval", "0005_joint_cases"),
        ("matters", "0005_many_moves_by_columns"),
        ("org", "0004_settings"),
    ]

    operations = [
        migrations.CreateModel(
            name="Deferral",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.IntegerField()),
                ("slot", models.CharField(max_length=30)),
                ("name", models.CharField(max_length=300)),
                ("due_on", models.DateField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "待补交"),
                            ("supplied", "已补交"),
                            ("defaulted", "逾期未补交"),
                            ("dropped", "不再需要"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("settled_seq", models.IntegerField(blank=True, null=True)),
                ("matter", models.ForeignKey(related_name="deferrals", **MATTER)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("matter", "slot"), name="a_document_is_deferred_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", ""), ("settled_seq__isnull", True)),
                            models.Q(models.Q(("outcome", ""), _negated=True), ("settled_seq__isnull", False)),
                            _connector="OR",
                        ),
                        name="what_became_of_a_document_has_its_entry",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Breach",
            fields=[
                (
                    "matter",
                    models.OneToOneField(primary_key=True, related_name="breach", serialize=False, **MATTER),
                ),
                (
                    "kind",
                    models.CharField(choices=[("deferred", "容缺补交"), ("commitment", "告知承诺")], max_length=12),
                ),
                ("seq", models.IntegerField()),
                ("identity_mark", models.CharField(max_length=64)),
                ("broken_on", models.DateField()),
            ],
            options={
                "indexes": [models.Index(fields=["identity_mark", "broken_on"], name="breach_by_identity")],
            },
        ),
        migrations.CreateModel(
            name="Consultation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.IntegerField()),
                ("round", models.PositiveSmallIntegerField()),
                ("due_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "待答复"), ("answered", "已答复"), ("closed", "不再等候")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("closed_seq", models.IntegerField(blank=True, null=True)),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="consultations", to="org.department"
                    ),
                ),
                ("matter", models.ForeignKey(related_name="consultations", **MATTER)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["department"], name="consultations_waiting"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("matter", "department"),
                        name="a_department_is_asked_once_at_a_time",
                    ),
                    models.UniqueConstraint(fields=("matter", "seq"), name="an_entry_asks_one_department"),
                ],
            },
        ),
    ]

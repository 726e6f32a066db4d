"""Which logs were taken in, and what is asked of their cases often."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("matters", "0005_many_moves_by_columns")]

    operations = [
        migrations.CreateModel(
            name="Log",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, unique=True)),
                ("mapping", models.CharField(max_length=60)),
                ("source", models.CharField(max_length=200)),
                ("taken_in_at", models.DateTimeField()),
                ("day_unit", models.CharField(max_length=12)),
                ("warning_days", models.PositiveSmallIntegerField()),
                ("by_day", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="matters.matter",
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("digest", models.BinaryField(unique=True)),
                ("events", models.PositiveIntegerField()),
                ("started_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("late", models.BooleanField(default=False)),
                ("told", models.JSONField()),
                (
                    "log",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="history.log"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["log", "started_at"], name="case_of_a_log_by_start")],
                "constraints": [models.UniqueConstraint(fields=("log", "name"), name="a_case_stands_once_in_its_log")],
            },
        ),
    ]

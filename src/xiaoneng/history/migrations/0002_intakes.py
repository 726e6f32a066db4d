"""Logs that were handed in for the worker to take in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("history", "0001_logs")]

    operations = [
        migrations.CreateModel(
            name="Intake",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("called", models.CharField(blank=True, max_length=120)),
                ("mapping", models.CharField(max_length=60)),
                ("sha256", models.CharField(max_length=64)),
                ("by", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "等待导入"), ("running", "正在导入"), ("done", "已导入"), ("failed", "没有导入"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("progress", models.CharField(blank=True, max_length=200)),
                ("report", models.JSONField(null=True)),
            ],
        ),
    ]  # fmt: skip

"""Tallies: the lights and the day's work of every department, kept in step with the journal."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("supervision", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("one", models.BooleanField(default=True, primary_key=True, serialize=False)),
                ("cursor", models.BigIntegerField(default=0)),
                ("seen", models.BigIntegerField(default=0)),
                ("seen_before", models.BigIntegerField(default=0)),
                ("folded_until", models.DateTimeField()),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("one", True)), name="there_is_one_tally")],
            },
        ),
        migrations.CreateModel(
            name="Turn",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "turns_at", "department_id", "kind", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("turns_at", models.DateTimeField()),
                ("department_id", models.BigIntegerField()),
                ("kind", models.CharField(max_length=40)),
                ("green", models.IntegerField()),
                ("yellow", models.IntegerField()),
                ("red", models.IntegerField()),
                ("paused", models.IntegerField()),
                ("undecided_red", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Done",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "span", "since", "department_id", "kind",
                        blank=True, editable=False, primary_key=True, serialize=False,
                    ),
                ),
                ("span", models.CharField(choices=[("day", "日"), ("month", "月")], max_length=5)),
                ("since", models.DateField()),
                ("department_id", models.BigIntegerField()),
                ("kind", models.CharField(max_length=40)),
                ("accepted", models.IntegerField()),
                ("decided", models.IntegerField()),
                ("on_time", models.IntegerField()),
            ],
        ),
    ]  # fmt: skip

"""Cards, urging and supervision orders, reminders, calling to account, and what is said in them."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0005_many_moves_by_columns"),
        ("supervision", "0003_lights_by_seal"),
    ]

    operations = [
        migrations.CreateModel(
            name="Card",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="card",
                        serialize=False,
                        to="matters.matter",
                    ),
                ),
                (
                    "about",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cards", to="matters.matter"
                    ),
                ),
                ("rule", models.CharField(max_length=20)),
                ("rule_version", models.PositiveSmallIntegerField()),
                ("level", models.CharField(choices=[("yellow", "黄牌"), ("red", "红牌")], max_length=6)),
                ("clock", models.CharField(blank=True, max_length=40)),
                ("round", models.IntegerField(blank=True, null=True)),
                ("since", models.DateTimeField(blank=True, null=True)),
                ("person", models.BigIntegerField(blank=True, null=True)),
                ("person_name", models.CharField(blank=True, max_length=60)),
                ("points", models.PositiveSmallIntegerField()),
                ("evidence", models.TextField()),
                ("issued_at", models.DateTimeField()),
                ("by_hand", models.BooleanField()),
                (
                    "escalates",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escalated_by",
                        to="supervision.card",
                    ),
                ),
                ("salt", models.BinaryField(max_length=16)),
                ("standing", models.BooleanField(default=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "issued_at"], name="card_of_a_person"),
                    models.Index(fields=["about", "rule", "since"], name="card_about"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("standing", True)),
                        fields=("about", "rule", "level"),
                        name="one_card_for_a_breach_at_a_level",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("clock", ""), ("round__isnull", True), ("since__isnull", True)),
                            models.Q(
                                models.Q(("clock", ""), _negated=True),
                                ("round__isnull", False),
                                ("since__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="a_card_names_its_light_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="supervision_order",
                        serialize=False,
                        to="matters.matter",
                    ),
                ),
                (
                    "about",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supervision_orders",
                        to="matters.matter",
                    ),
                ),
                ("issued_at", models.DateTimeField()),
                ("salt", models.BinaryField(max_length=16)),
            ],
            options={
                "indexes": [models.Index(fields=["about"], name="order_about")],
            },
        ),
        migrations.CreateModel(
            name="Accountability",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="accountability",
                        serialize=False,
                        to="matters.matter",
                    ),
                ),
                ("person", models.BigIntegerField()),
                ("source_kind", models.CharField(max_length=12)),
                ("source_id", models.BigIntegerField()),
                ("rule", models.CharField(max_length=40)),
                ("sources", models.JSONField(default=list)),
                ("proposed", models.CharField(max_length=30)),
                ("proposed_points", models.PositiveSmallIntegerField()),
                ("measure", models.CharField(blank=True, max_length=30)),
                ("points", models.PositiveSmallIntegerField(default=0)),
                ("proposed_at", models.DateTimeField()),
                ("decided_on", models.DateField(blank=True, null=True)),
                ("salt", models.BinaryField(max_length=16)),
                ("standing", models.BooleanField(default=True)),
            ],
            options={
                "indexes": [models.Index(fields=["person", "decided_on"], name="accountability_of_a_person")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("standing", True)),
                        fields=("person", "source_kind", "source_id"),
                        name="called_to_account_once_for_a_source",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Accumulation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20)),
                ("label", models.CharField(max_length=120)),
                ("source", models.CharField(max_length=12)),
                ("rule", models.CharField(blank=True, max_length=40)),
                ("count", models.PositiveSmallIntegerField()),
                ("months", models.PositiveSmallIntegerField()),
                ("measure", models.CharField(max_length=30)),
                ("points", models.PositiveSmallIntegerField()),
                ("basis", models.CharField(max_length=200, verbose_name="依据文件")),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)),
                        fields=("code",),
                        name="an_accumulation_is_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("count__gt", 0), ("months__gt", 0)), name="an_accumulation_counts_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "about",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reminders", to="matters.matter"
                    ),
                ),
                ("rung", models.PositiveSmallIntegerField()),
                ("who", models.CharField(max_length=30)),
                ("red_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "recipients",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("answer", models.CharField(blank=True, max_length=500)),
                ("answered_by", models.BigIntegerField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["recipients"], name="reminder_recipients"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("about", "red_at", "rung"), name="a_rung_is_reminded_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at__isnull", True), ("answered_by__isnull", True)),
                            models.Q(
                                models.Q(("answer", ""), _negated=True),
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="an_answer_has_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Said",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="said_in_supervision",
                        to="matters.matter",
                    ),
                ),
                ("seq", models.IntegerField()),
                ("name", models.CharField(max_length=30)),
                ("text", models.TextField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("matter", "seq", "name"), name="said_once_in_an_entry")
                ],
            },
        ),
    ]

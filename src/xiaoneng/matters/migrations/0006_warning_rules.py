"""From when lights warn, as data: rows are added and never changed."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("matters", "0005_many_moves_by_columns"), ("catalogue", "0008_promises_of_items")]

    operations = [
        migrations.CreateModel(
            name="WarningRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(blank=True, max_length=40)),
                ("percent", models.PositiveSmallIntegerField(null=True)),
                ("least", models.PositiveSmallIntegerField(null=True)),
                ("since", models.DateField()),
                ("reason", models.CharField(max_length=200)),
                ("set_by", models.CharField(max_length=60)),
                ("set_at", models.DateTimeField()),
                (
                    "item",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                        to="catalogue.item",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(percent__isnull=True, least__isnull=True)
                        | Q(percent__lte=90, least__lte=60, percent__isnull=False, least__isnull=False),
                        name="a_warning_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=Q(item__isnull=True) | Q(kind=""), name="a_warning_has_one_scope"
                    ),
                ]
            },
        ),
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE, TRUNCATE ON matters_warningrule FROM xn_app",
            "GRANT UPDATE, DELETE ON matters_warningrule TO xn_app",
        ),
    ]  # fmt: skip

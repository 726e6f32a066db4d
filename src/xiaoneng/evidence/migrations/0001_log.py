"""The log over all entries: its tables, its functions, and what the serving role may do with them."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    initial = True

    dependencies = [("matters", "0003_files")]

    operations = [
        migrations.RunSQL((SQL / "tables.sql").read_text(), elidable=False),
        migrations.RunSQL((SQL / "functions.sql").read_text(), elidable=False),
        migrations.CreateModel(
            name="Leaf",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("entry_id", models.BigIntegerField()),
                ("matter_id", models.BigIntegerField()),
                ("seq", models.IntegerField()),
                ("hash", models.BinaryField()),
            ],
            options={"db_table": "log_leaf", "managed": False},
        ),
        migrations.CreateModel(
            name="Key",
            fields=[
                ("fingerprint", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("public", models.BinaryField()),
                ("since", models.DateTimeField()),
            ],
            options={"db_table": "log_key", "managed": False},
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("size", models.BigIntegerField()),
                ("root", models.BinaryField()),
                ("at", models.DateTimeField()),
                ("prev", models.BinaryField()),
                ("signature", models.BinaryField()),
                (
                    "key",
                    models.ForeignKey(
                        db_column="key",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.key",
                    ),
                ),
            ],
            options={"db_table": "checkpoint", "managed": False},
        ),
    ]

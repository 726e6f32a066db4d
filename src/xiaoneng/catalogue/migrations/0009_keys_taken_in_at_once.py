"""The keys of many new versions go into the index of the search at once: an import takes a third of the time."""

from pathlib import Path

import django.contrib.postgres.indexes
from django.db import migrations

from xiaoneng.catalogue.sought import PENDING, SoughtKeys

SQL = Path(__file__).resolve().parent.parent / "sql" / "owner" / "settle.sql"
BEFORE = "ALTER INDEX item_keys SET (fastupdate = off); ALTER INDEX item_keys RESET (gin_pending_list_limit)"
NOW = f"ALTER INDEX item_keys SET (fastupdate = on, gin_pending_list_limit = {PENDING})"


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0008_promises_of_items")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(NOW, BEFORE)],
            state_operations=[
                migrations.RemoveIndex(model_name="sought", name="item_keys"),
                migrations.AddIndex(
                    model_name="sought",
                    index=django.contrib.postgres.indexes.GinIndex(
                        SoughtKeys("name", "rest", "initials", "headings"),
                        name="item_keys",
                        fastupdate=True,
                        gin_pending_list_limit=PENDING,
                    ),
                ),
            ],
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), "DROP FUNCTION settle_item_keys()"),
    ]

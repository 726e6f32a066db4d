"""The search of items as a function of the database, whose plan is kept."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql" / "find_items.sql"
GONE = """
    DROP FUNCTION find_ways(timestamptz, jsonb, int);
    DROP FUNCTION find_items(timestamptz, text[], text[], text[], text[], text[], text, text[], int, int);
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0006_registers")]
    operations = [migrations.RunSQL(SQL.read_text(encoding="utf-8"), GONE)]

"""Many moves at once come as columns and no longer as one document: a tenth of the time was reading that."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("matters", "0004_clocks_in_the_row")]

    operations = [
        migrations.RunSQL("DROP FUNCTION IF EXISTS move_many(jsonb, text, bigint, text, text, timestamptz, text)"),
        migrations.RunSQL((SQL / "functions.sql").read_text(), elidable=False),
    ]

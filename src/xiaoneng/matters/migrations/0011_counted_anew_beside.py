"""What a recalculation counted anew lies beside the clocks until the next move (docs/adr/0024)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "sql"
BEFORE = "move_many(bigint[], int[], text[], text[], bigint[], int[], text, bigint, text, text, timestamptz, text)"


class Migration(migrations.Migration):
    dependencies = [("matters", "0010_other_tables_point_to_what_was_opened")]

    operations = [
        migrations.RunSQL((SQL / "counted_anew.sql").read_text(), elidable=False),
        migrations.RunSQL(f"DROP FUNCTION IF EXISTS {BEFORE}"),
        migrations.RunSQL((SQL / "functions.sql").read_text(), elidable=False),
    ]

"""A state without its entry is refused at once, and an entry may give of a clock only what changed (docs/adr/0022)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("matters", "0008_many_matters_opened")]

    operations = [
        migrations.RunSQL((SQL / "by_statement.sql").read_text(), elidable=False),
        migrations.RunSQL((SQL / "functions.sql").read_text(), elidable=False),
        migrations.RunSQL("DROP FUNCTION IF EXISTS unnumbered(jsonb)"),
    ]

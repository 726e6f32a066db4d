"""Long clocks are kept compressed, and the journal grows at its end (docs/adr/0025)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("matters", "0011_counted_anew_beside")]

    operations = [migrations.RunSQL((SQL / "kept_small.sql").read_text(), elidable=False)]

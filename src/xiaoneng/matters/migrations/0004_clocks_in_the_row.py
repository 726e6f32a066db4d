"""The clocks come to stand in their matter's row (docs/adr/0011)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("matters", "0003_files")]

    operations = [
        migrations.RunSQL((SQL / "clocks.sql").read_text(), elidable=False),
        migrations.RunSQL((SQL / "functions.sql").read_text(), elidable=False),
    ]

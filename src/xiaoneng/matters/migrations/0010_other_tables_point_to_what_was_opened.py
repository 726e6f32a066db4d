"""Foreign keys no longer lead to the row that every move writes (docs/adr/0022)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("matters", "0009_states_are_checked_by_the_statement")]

    operations = [migrations.RunSQL((SQL / "opened.sql").read_text(), elidable=False)]

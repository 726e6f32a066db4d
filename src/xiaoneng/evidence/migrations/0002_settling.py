"""The log settles by a transaction number of its own, since a snapshot's upper end lets later ones slip through."""

from pathlib import Path

from django.db import migrations

FUNCTIONS = Path(__file__).parents[1] / "sql" / "functions.sql"


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_log")]

    operations = [
        migrations.RunSQL(
            [(FUNCTIONS.read_text(), None), ("UPDATE log_state SET seen_before = '0'", None)], migrations.RunSQL.noop
        )
    ]

"""The log settles also where nothing new follows what came in while another transaction was under way."""

from pathlib import Path

from django.db import migrations

FUNCTIONS = Path(__file__).parents[1] / "sql" / "functions.sql"


class Migration(migrations.Migration):
    dependencies = [("evidence", "0002_settling")]

    operations = [migrations.RunSQL([(FUNCTIONS.read_text(), None)], migrations.RunSQL.noop)]

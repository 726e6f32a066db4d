"""The figures of every department come as rows of numbers, not as one text that is written here and read there."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("supervision", "0008_looks")]

    operations = [
        migrations.RunSQL(
            "DROP FUNCTION lights_by_department;\n" + (SQL / "board.sql").read_text(), migrations.RunSQL.noop,
            elidable=False,
        ),
    ]  # fmt: skip

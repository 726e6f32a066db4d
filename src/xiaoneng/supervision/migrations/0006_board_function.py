"""The figures of every department come from one function, planned once and for all."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("supervision", "0005_frozen_cards")]

    operations = [
        migrations.RunSQL((SQL / "board.sql").read_text(), "DROP FUNCTION lights_by_department", elidable=False),
    ]

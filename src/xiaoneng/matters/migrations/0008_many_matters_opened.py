"""Many matters are opened in one call, and a body of many moves is read once."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("matters", "0007_open_matters_beside_applications")]

    operations = [migrations.RunSQL((SQL / "functions.sql").read_text(), elidable=False)]

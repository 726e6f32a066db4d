"""The kernel's functions and what the serving role may do with them."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("matters", "0001_kernel_tables")]

    operations = [migrations.RunSQL((SQL / "functions.sql").read_text(), elidable=False)]

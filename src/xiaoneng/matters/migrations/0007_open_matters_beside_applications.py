"""Open cards, orders and the like are found at once among very many open applications."""

from django.db import migrations

INDEX = """CREATE INDEX matter_open_beside_applications ON matter (department_id, kind)
    WHERE NOT closed AND version > 0 AND kind <> 'application'"""


class Migration(migrations.Migration):
    dependencies = [("matters", "0006_warning_rules")]
    operations = [migrations.RunSQL(INDEX, "DROP INDEX matter_open_beside_applications")]

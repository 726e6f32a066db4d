"""Which matters turned red since a moment is answered by the index alone; their rows are read where a light is new."""

from django.db import migrations

BEFORE = "CREATE INDEX matter_turning_red ON matter (red_at) WHERE NOT closed AND version > 0"
NOW = "CREATE INDEX matter_turning_red ON matter (red_at) INCLUDE (id) WHERE NOT closed AND version > 0"
DROP = "DROP INDEX matter_turning_red"


class Migration(migrations.Migration):
    dependencies = [("matters", "0012_rows_kept_small")]

    operations = [migrations.RunSQL(DROP, BEFORE), migrations.RunSQL(NOW, DROP)]

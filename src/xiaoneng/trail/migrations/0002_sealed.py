"""Records are sealed in batches: which entry of the register of records sealed each, for good."""

from django.db import migrations, models

GUARD = """
CREATE TRIGGER seals_are_append_only BEFORE UPDATE OR DELETE ON trail_sealed
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting_records();
CREATE TRIGGER seals_are_never_emptied BEFORE TRUNCATE ON trail_sealed
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting_records();
REVOKE UPDATE, DELETE, TRUNCATE ON trail_sealed FROM xn_app;
"""
UNGUARD = """
DROP TRIGGER seals_are_append_only ON trail_sealed;
DROP TRIGGER seals_are_never_emptied ON trail_sealed;
GRANT UPDATE, DELETE ON trail_sealed TO xn_app;
"""


class Migration(migrations.Migration):
    dependencies = [("trail", "0001_records")]

    operations = [
        migrations.CreateModel(
            name="Sealed",
            fields=[
                ("record_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("seal", models.IntegerField()),
            ],
            options={"indexes": [models.Index(fields=["seal"], name="sealed_by_seal")]},
        ),
        migrations.RunSQL(GUARD, UNGUARD, elidable=False),
    ]

"""Findings beyond lateness and the random samples drawn for checking; what is written in them stays as it is."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

FREEZE = """
CREATE FUNCTION keep_findings() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, xn, pg_temp AS $$
BEGIN
  RAISE EXCEPTION '监察发现和抽查记录一经登记不能改动或者删除：% 被拒绝。', TG_OP USING ERRCODE = 'XN001';
END$$;
CREATE TRIGGER findings_are_kept BEFORE UPDATE OR DELETE ON supervision_finding
  FOR EACH ROW EXECUTE FUNCTION keep_findings();
CREATE TRIGGER findings_are_never_emptied BEFORE TRUNCATE ON supervision_finding
  FOR EACH STATEMENT EXECUTE FUNCTION keep_findings();
CREATE TRIGGER draws_are_kept BEFORE UPDATE OR DELETE ON supervision_auditdraw
  FOR EACH ROW EXECUTE FUNCTION keep_findings();
CREATE TRIGGER draws_are_never_emptied BEFORE TRUNCATE ON supervision_auditdraw
  FOR EACH STATEMENT EXECUTE FUNCTION keep_findings();
REVOKE DELETE, TRUNCATE ON supervision_finding, supervision_auditdraw FROM xn_app;
"""
UNFREEZE = """
GRANT DELETE ON supervision_finding, supervision_auditdraw TO xn_app;
DROP FUNCTION keep_findings() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0005_many_moves_by_columns"),
        ("supervision", "0006_board_function"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditDraw",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seed", models.CharField(max_length=64, verbose_name="种子")),
                ("wanted", models.PositiveSmallIntegerField(verbose_name="抽取件数")),
                ("since", models.DateField(verbose_name="决定日期自")),
                ("until", models.DateField(verbose_name="决定日期至")),
                ("department_id", models.BigIntegerField(blank=True, null=True)),
                ("population", models.PositiveIntegerField()),
                ("cases", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("drawn_at", models.DateTimeField()),
                ("drawn_by", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="finding",
                        serialize=False,
                        to="matters.matter",
                    ),
                ),
                ("rule", models.CharField(max_length=20)),
                ("rule_version", models.PositiveSmallIntegerField()),
                ("subject", models.CharField(max_length=120)),
                ("source", models.CharField(max_length=20)),
                ("person", models.BigIntegerField(blank=True, null=True)),
                (
                    "cases",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("evidence", models.TextField()),
                ("found_at", models.DateTimeField()),
                ("salt", models.BinaryField(max_length=16)),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["cases"], name="finding_cases")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("rule", "subject"), name="a_thing_is_found_once"),
                ],
            },
        ),
        migrations.RunSQL(FREEZE, UNFREEZE),
    ]

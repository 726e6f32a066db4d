from django.db import migrations, models

# Against the serving role by rights, against the owner by triggers: a record is added and never changes.
GUARD = """
CREATE FUNCTION refuse_rewriting_records() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, xn, pg_temp AS $$
BEGIN
  RAISE EXCEPTION '管理留痕只增不改：% 被拒绝。', TG_OP USING ERRCODE = 'XN001';
END$$;
CREATE TRIGGER records_are_append_only BEFORE UPDATE OR DELETE ON trail_record
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting_records();
CREATE TRIGGER records_are_never_emptied BEFORE TRUNCATE ON trail_record
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting_records();
REVOKE UPDATE, DELETE, TRUNCATE ON trail_record FROM xn_app;
"""
UNGUARD = """
GRANT UPDATE, DELETE ON trail_record TO xn_app;
DROP FUNCTION refuse_rewriting_records() CASCADE;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Record",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("change", "管理变更"),
                            ("export", "导出"),
                            ("unmask", "查看个人信息"),
                            ("sign_in", "登录"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("actor", models.BigIntegerField(null=True)),
                ("name", models.CharField(max_length=60)),
                ("what", models.CharField(max_length=60)),
                ("about", models.CharField(max_length=200)),
                ("key", models.CharField(max_length=80)),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                ("reason", models.CharField(max_length=300)),
                ("whence", models.CharField(max_length=45)),
                ("request", models.CharField(max_length=40)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["kind", "at"], name="record_kind"),
                    models.Index(fields=["key", "at"], name="record_key"),
                    models.Index(fields=["actor", "at"], name="record_actor"),
                ],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD, elidable=False),
    ]

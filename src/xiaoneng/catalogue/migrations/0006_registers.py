"""What stands around items: basic catalogue, adjustments, negative list, divisions, mappings, intakes."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0005_items_complete"), ("org", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Division",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=12, verbose_name="区划代码")),
                ("name", models.CharField(max_length=60)),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "省级"), (1, "市级"), (2, "县级"), (3, "乡镇级"), (4, "村级")]
                    ),
                ),
                ("parent_code", models.CharField(blank=True, max_length=12)),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("source", models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="Intake",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                ("by", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("mapping", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("mapping", "对照栏目"),
                            ("waiting", "排队中"),
                            ("running", "导入中"),
                            ("done", "已导入"),
                            ("failed", "没有导入"),
                        ],
                        default="mapping",
                        max_length=10,
                    ),
                ),
                ("progress", models.CharField(blank=True, max_length=200)),
                ("report", models.JSONField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="NegativeEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, verbose_name="序号")),
                ("sector", models.CharField(max_length=120, verbose_name="领域")),
                (
                    "measure",
                    models.CharField(choices=[("forbidden", "禁止"), ("with_leave", "许可准入")], max_length=12),
                ),
                ("text", models.TextField(verbose_name="措施")),
                ("basis", models.TextField(verbose_name="依据")),
                ("document", models.CharField(max_length=120, verbose_name="公布文号")),
                ("in_force", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
            ],
        ),
        migrations.CreateModel(
            name="SavedMapping",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=120)),
                ("text", models.TextField()),
                ("made_by", models.BigIntegerField()),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Adjustment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "disposition",
                    models.CharField(
                        choices=[
                            ("add", "新增"),
                            ("amend", "变更要素"),
                            ("cancel", "取消"),
                            ("transfer", "转移"),
                            ("freeze", "冻结"),
                            ("thaw", "解冻"),
                            ("merge", "归并"),
                            ("delegate", "下放"),
                            ("take_over", "承接"),
                            ("entrust", "委托"),
                            ("import", "导入"),
                        ],
                        max_length=12,
                    ),
                ),
                ("document", models.CharField(max_length=120, verbose_name="文号")),
                ("reason", models.TextField(verbose_name="理由")),
                ("ground", models.TextField(verbose_name="依据")),
                ("approver", models.CharField(max_length=120, verbose_name="批准机关或批准人")),
                ("notice", models.TextField(verbose_name="公告")),
                ("on_running", models.TextField(verbose_name="对在办件的影响")),
                ("target", models.CharField(blank=True, max_length=200, verbose_name="去向")),
                ("effective_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.BigIntegerField()),
                (
                    "begins",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="begun_by",
                        to="catalogue.itemversion",
                    ),
                ),
                (
                    "ends",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ended_by",
                        to="catalogue.itemversion",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="adjustments", to="catalogue.item"
                    ),
                ),
                (
                    "target_item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receives",
                        to="catalogue.item",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BasicItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=12, unique=True, verbose_name="基本编码")),
                ("name", models.CharField(max_length=300)),
                ("statutory_n", models.PositiveIntegerField(blank=True, null=True)),
                ("statutory_unit", models.CharField(blank=True, max_length=12)),
                (
                    "bases",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200), blank=True, default=list, size=None
                    ),
                ),
                (
                    "materials",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=300), blank=True, default=list, size=None
                    ),
                ),
                ("free_of_charge", models.BooleanField(default=False)),
                (
                    "levels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10), blank=True, default=list, size=None
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=200)),
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalogue.powerkind"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="item",
            name="basic",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="items",
                to="catalogue.basicitem",
            ),
        ),
        migrations.AddIndex(
            model_name="division",
            index=models.Index(fields=["parent_code"], name="division_parent"),
        ),
        migrations.AddConstraint(
            model_name="division",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("code", "="), ("valid", "&&")], name="a_division_has_one_name_at_a_time"
            ),
        ),
        migrations.AddField(
            model_name="intake",
            name="department",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="org.department",
            ),
        ),
        migrations.AddField(
            model_name="negativeentry",
            name="items",
            field=models.ManyToManyField(blank=True, related_name="negative_entries", to="catalogue.item"),
        ),
        migrations.AddField(
            model_name="negativeentry",
            name="region",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.region"),
        ),
        migrations.AddConstraint(
            model_name="adjustment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("document", ""), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    models.Q(("approver", ""), _negated=True),
                    models.Q(("notice", ""), _negated=True),
                ),
                name="an_adjustment_says_by_what_why_and_by_whom",
            ),
        ),
        migrations.AddConstraint(
            model_name="adjustment",
            constraint=models.CheckConstraint(
                condition=models.Q(("begins__isnull", False), ("ends__isnull", False), _connector="OR"),
                name="an_adjustment_changes_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="negativeentry",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("region", "="), ("number", "="), ("in_force", "&&")],
                name="a_number_of_the_negative_list_stands_once",
            ),
        ),
    ]

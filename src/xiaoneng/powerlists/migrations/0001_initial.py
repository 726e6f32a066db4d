"""Rounds of compiling, what is proposed in them, remarks, and comparisons of lists."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalogue", "0006_registers"),
        ("matters", "0004_clocks_in_the_row"),
        ("org", "0004_settings"),
    ]

    operations = [
        migrations.CreateModel(
            name="Comparison",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("by", models.BigIntegerField()),
                ("totals", models.JSONField()),
                ("others", models.ManyToManyField(related_name="+", to="org.region")),
                (
                    "region",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.region"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Compilation",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="compilation",
                        serialize=False,
                        to="matters.matter",
                    ),
                ),
                ("notice_ends", models.DateField(blank=True, null=True)),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.department"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, verbose_name="实施编码")),
                (
                    "disposition",
                    models.CharField(
                        choices=[
                            ("keep", "保留"),
                            ("add", "新增"),
                            ("amend", "变更要素"),
                            ("cancel", "取消"),
                            ("transfer", "转移"),
                            ("freeze", "冻结"),
                            ("merge", "归并"),
                            ("delegate", "下放"),
                            ("take_over", "承接"),
                            ("entrust", "委托"),
                        ],
                        max_length=12,
                    ),
                ),
                ("content", models.JSONField()),
                ("reason", models.TextField(blank=True, verbose_name="理由")),
                ("ground", models.TextField(blank=True, verbose_name="依据")),
                ("on_running", models.TextField(blank=True, verbose_name="对在办件的影响")),
                ("target", models.CharField(blank=True, max_length=200, verbose_name="去向")),
                ("target_code", models.CharField(blank=True, max_length=40, verbose_name="并入事项")),
                ("looked_back", models.TextField(blank=True, verbose_name="自查说明")),
                (
                    "adjustment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.adjustment",
                    ),
                ),
                (
                    "compilation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="powerlists.compilation",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.item",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source",
                    models.CharField(
                        choices=[("expert", "专家论证"), ("public", "公众意见"), ("legal", "合法性审查")], max_length=10
                    ),
                ),
                ("who", models.CharField(max_length=60)),
                ("text", models.TextField()),
                ("at", models.DateTimeField()),
                ("answer", models.TextField(blank=True)),
                ("answered_by", models.BigIntegerField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "compilation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="remarks", to="powerlists.compilation"
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remarks",
                        to="powerlists.proposal",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("opened_at", models.DateTimeField()),
                ("opened_by", models.BigIntegerField()),
                ("compile_days", models.PositiveSmallIntegerField(default=20)),
                ("stage_days", models.PositiveSmallIntegerField(default=10)),
                ("notice_days", models.PositiveSmallIntegerField(default=7)),
                (
                    "region",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.region"),
                ),
            ],
        ),
        migrations.AddField(
            model_name="compilation",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="compilations", to="powerlists.round"
            ),
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("only_ours", "只有本地有"),
                            ("lacking", "本地没有"),
                            ("other_name", "同权异名"),
                            ("slower", "承诺比外地慢"),
                            ("more_materials", "材料比外地多"),
                            ("duplicate", "部门间重复"),
                        ],
                        max_length=16,
                    ),
                ),
                ("score", models.PositiveSmallIntegerField()),
                ("words", models.TextField()),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("keep", "维持"),
                            ("cancel", "拟取消"),
                            ("merge", "拟归并"),
                            ("rename", "拟统一名称"),
                            ("add", "拟新增"),
                            ("shorten", "拟压缩时限"),
                            ("cut", "拟减少材料"),
                            ("not_the_same", "不是同一事项"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("decided_by", models.BigIntegerField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "comparison",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="findings", to="powerlists.comparison"
                    ),
                ),
                (
                    "ours",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.item",
                    ),
                ),
                (
                    "theirs",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.item",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["comparison", "kind"], name="finding_by_kind")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("verdict", ""),
                            models.Q(
                                ("decided_by__isnull", False),
                                ("decided_at__isnull", False),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_verdict_has_somebody_and_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ours__isnull", False), ("theirs__isnull", False), _connector="OR"),
                        name="a_finding_is_about_an_item",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.UniqueConstraint(
                fields=("compilation", "code"), name="an_item_is_proposed_once_in_a_compilation"
            ),
        ),
        migrations.AddConstraint(
            model_name="remark",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="a_remark_says_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.UniqueConstraint(fields=("region", "name"), name="a_round_is_named_once_in_a_region"),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(("compile_days__gt", 0), ("stage_days__gt", 0), ("notice_days__gt", 0)),
                name="the_stages_of_a_round_have_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="compilation",
            constraint=models.UniqueConstraint(
                fields=("round", "department"), name="a_department_compiles_once_in_a_round"
            ),
        ),
    ]

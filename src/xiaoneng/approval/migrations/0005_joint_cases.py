import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("approval", "0004_identity_mark"),
        ("catalogue", "0008_promises_of_items"),
        ("matters", "0005_many_moves_by_columns"),
        ("org", "0004_settings"),
    ]

    operations = [
        migrations.CreateModel(
            name="Theme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="代码")),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("summary", models.CharField(blank=True, max_length=200, verbose_name="一句话说明")),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.department",
                        verbose_name="牵头部门",
                    ),
                ),
                ("days", models.PositiveSmallIntegerField(default=45, verbose_name="全程期限")),
                ("basis", models.CharField(blank=True, max_length=300, verbose_name="依据")),
                ("stage", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="工程建设阶段")),
                (
                    "after",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="approval.theme",
                        verbose_name="前一阶段",
                    ),
                ),
                ("active", models.BooleanField(default=True, verbose_name="开放申请")),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.CharField(max_length=60)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("days__gte", 1), ("days__lte", 45)), name="a_theme_keeps_to_forty_five_days"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("after", models.F("id")), _negated=True),
                        name="a_theme_does_not_follow_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ThemeItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "theme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="approval.theme"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalogue.item"
                    ),
                ),
                ("condition", models.CharField(blank=True, max_length=120, verbose_name="什么情况下要办")),
                (
                    "after",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("theme", "position"), name="items_of_a_theme_have_places"),
                    models.UniqueConstraint(fields=("theme", "item"), name="an_item_stands_once_in_a_theme"),
                ],
            },
        ),
        migrations.CreateModel(
            name="JointCase",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="joint_case",
                        serialize=False,
                        to="matters.matter",
                    ),
                ),
                (
                    "theme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="approval.theme"
                    ),
                ),
                ("project", models.CharField(blank=True, max_length=120, verbose_name="项目名称")),
                (
                    "previous",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="following",
                        to="approval.jointcase",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Branch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "joint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="branches", to="approval.jointcase"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalogue.item"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalogue.itemversion"
                    ),
                ),
                (
                    "after",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "matter",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="branch",
                        to="matters.matter",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("waiting", "等前置事项"),
                            ("open", "办理中"),
                            ("granted", "准予"),
                            ("refused", "不予"),
                            ("ended", "没有决定就结束"),
                            ("never", "前置事项未通过，不再启动"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("urged", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("joint", "position"), name="branches_have_places"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("matter__isnull", True), ("outcome__in", ["waiting", "never"])),
                            models.Q(
                                ("matter__isnull", False), ("outcome__in", ["open", "granted", "refused", "ended"])
                            ),
                            _connector="OR",
                        ),
                        name="a_branch_has_its_matter_when_it_opens",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgencyCase",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="agency_case",
                        serialize=False,
                        to="matters.matter",
                    ),
                ),
                ("project", models.CharField(max_length=120, verbose_name="项目名称")),
                ("capital", models.PositiveIntegerField(default=0, verbose_name="注册资本（万元）")),
                ("investment", models.PositiveIntegerField(default=0, verbose_name="投资额（万元）")),
                ("agent", models.BigIntegerField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="AgencyStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="approval.agencycase"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=120, verbose_name="事项")),
                ("department", models.CharField(blank=True, max_length=60, verbose_name="部门")),
                ("due_on", models.DateField(verbose_name="计划完成")),
                (
                    "after",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=40, verbose_name="办件编号")),
                ("done_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "position"), name="steps_of_a_plan_have_places")
                ],
            },
        ),
    ]

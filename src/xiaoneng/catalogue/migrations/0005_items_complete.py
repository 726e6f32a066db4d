"""Everything that a guide tells of an item: columns of its versions and rows that belong to them."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0004_initials"), ("org", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Counter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=120, verbose_name="窗口")),
                ("address", models.CharField(blank=True, max_length=300, verbose_name="地址")),
                ("hours", models.CharField(blank=True, max_length=200, verbose_name="时间")),
                ("phone", models.CharField(blank=True, max_length=120, verbose_name="电话")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Duty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("duty", models.TextField(verbose_name="责任事项")),
                ("accountability", models.TextField(blank=True, verbose_name="追责情形")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Fee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=120, verbose_name="收费项目")),
                (
                    "low",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="下限"),
                ),
                (
                    "high",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="上限"),
                ),
                ("unit", models.CharField(blank=True, max_length=30, verbose_name="计费单位")),
                ("basis", models.CharField(blank=True, max_length=300, verbose_name="依据")),
                (
                    "basis_rank",
                    models.CharField(
                        choices=[
                            ("law", "法律"),
                            ("administrative_regulation", "行政法规"),
                            ("state_council_decision", "国务院决定"),
                            ("local_regulation", "地方性法规"),
                            ("provincial_rule", "省级政府规章"),
                            ("department_rule", "部门规章"),
                            ("municipal_rule", "设区的市政府规章"),
                            ("normative_document", "规范性文件"),
                            ("unknown", "层级待核"),
                        ],
                        default="unknown",
                        max_length=30,
                    ),
                ),
                ("exemption", models.CharField(blank=True, max_length=300, verbose_name="减免")),
                ("exemption_basis", models.CharField(blank=True, max_length=300, verbose_name="减免依据")),
                ("way", models.CharField(blank=True, max_length=60, verbose_name="缴费方式")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Intermediary",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=200, verbose_name="中介服务")),
                ("basis", models.CharField(blank=True, max_length=300, verbose_name="依据")),
                (
                    "basis_rank",
                    models.CharField(
                        choices=[
                            ("law", "法律"),
                            ("administrative_regulation", "行政法规"),
                            ("state_council_decision", "国务院决定"),
                            ("local_regulation", "地方性法规"),
                            ("provincial_rule", "省级政府规章"),
                            ("department_rule", "部门规章"),
                            ("municipal_rule", "设区的市政府规章"),
                            ("normative_document", "规范性文件"),
                            ("unknown", "层级待核"),
                        ],
                        default="unknown",
                        max_length=30,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="LegalBasis",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("law", models.CharField(max_length=200, verbose_name="法律名称")),
                (
                    "rank",
                    models.CharField(
                        choices=[
                            ("law", "法律"),
                            ("administrative_regulation", "行政法规"),
                            ("state_council_decision", "国务院决定"),
                            ("local_regulation", "地方性法规"),
                            ("provincial_rule", "省级政府规章"),
                            ("department_rule", "部门规章"),
                            ("municipal_rule", "设区的市政府规章"),
                            ("normative_document", "规范性文件"),
                            ("unknown", "层级待核"),
                        ],
                        default="unknown",
                        max_length=30,
                        verbose_name="层级",
                    ),
                ),
                ("document", models.CharField(blank=True, max_length=120, verbose_name="文号")),
                ("article", models.CharField(blank=True, max_length=120, verbose_name="条款")),
                ("text", models.TextField(blank=True, verbose_name="条文")),
                ("valid_from", models.CharField(blank=True, max_length=10, verbose_name="施行日")),
                ("valid_to", models.CharField(blank=True, max_length=10, verbose_name="失效日")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("question", models.CharField(max_length=300, verbose_name="问")),
                ("answer", models.TextField(verbose_name="答")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Result",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=200, verbose_name="结果名称")),
                ("kind", models.CharField(default="证照", max_length=20, verbose_name="结果类型")),
                ("validity", models.CharField(blank=True, max_length=120, verbose_name="有效期")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Scenario",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=120, verbose_name="情形")),
                ("question", models.CharField(blank=True, max_length=200, verbose_name="怎么问")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SpecialStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(max_length=60, verbose_name="种类")),
                ("days", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="天数")),
                ("basis", models.CharField(blank=True, max_length=300, verbose_name="依据")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="item",
            name="local_code",
            field=models.CharField(blank=True, max_length=60, null=True, verbose_name="本地编码"),
        ),
        migrations.AddField(
            model_name="item",
            name="national_code",
            field=models.CharField(blank=True, max_length=33, null=True, unique=True, verbose_name="国家实施编码"),
        ),
        migrations.AddField(
            model_name="item",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="handling_items",
                to="catalogue.item",
            ),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="body_nature",
            field=models.CharField(blank=True, db_default="", default="", max_length=20, verbose_name="实施主体性质"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="bookable",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="case_type",
            field=models.CharField(blank=True, db_default="", default="", max_length=20, verbose_name="办件类型"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="courier",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="court",
            field=models.CharField(blank=True, db_default="", default="", max_length=200, verbose_name="行政诉讼法院"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="delegated_by",
            field=models.CharField(blank=True, db_default="", default="", max_length=200, verbose_name="委托部门"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="division_of_power",
            field=models.TextField(blank=True, db_default="", default="", verbose_name="权限划分"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="exercise_content",
            field=models.TextField(blank=True, db_default="", default="", verbose_name="行使内容"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="exercise_level",
            field=models.CharField(blank=True, db_default="", default="", max_length=20, verbose_name="行使层级"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="form_fields",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="填写项数"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="joined_by",
            field=models.CharField(blank=True, db_default="", default="", max_length=200, verbose_name="联办机构"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="mobile_address",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="online_depth",
            field=models.CharField(blank=True, db_default="", default="", max_length=60, verbose_name="网办深度"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="open_hours",
            field=models.CharField(blank=True, db_default="", default="", max_length=200, verbose_name="办理时间"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="paid_online",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="power_source",
            field=models.CharField(blank=True, db_default="", default="", max_length=30, verbose_name="权力来源"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="promised_note",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="quantity_limit",
            field=models.CharField(blank=True, db_default="", default="", max_length=200, verbose_name="数量限制"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="reach",
            field=models.CharField(blank=True, db_default="", default="", max_length=30, verbose_name="通办范围"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="reconsideration",
            field=models.CharField(blank=True, db_default="", default="", max_length=200, verbose_name="行政复议机关"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="review_standard",
            field=models.TextField(blank=True, db_default="", default="", verbose_name="审查标准"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="season",
            field=models.CharField(blank=True, db_default="", default="", max_length=120, verbose_name="受理时段"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="self_service",
            field=models.BooleanField(db_default=False, default=False, verbose_name="自助可办"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="single_window",
            field=models.BooleanField(db_default=False, default=False, verbose_name="一窗受理"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="stationed",
            field=models.BooleanField(db_default=False, default=False, verbose_name="进驻大厅"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="statutory_note",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="undertaken_by",
            field=models.CharField(blank=True, db_default="", default="", max_length=200, verbose_name="承办机构"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="unstationed_ground",
            field=models.CharField(blank=True, db_default="", default="", max_length=200, verbose_name="不进驻的理由"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="visit_reason",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=200, verbose_name="必须现场办理原因"
            ),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="visits",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="到现场次数"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="ways",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=30), blank=True, db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="web_address",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="window_authorised",
            field=models.BooleanField(db_default=False, default=False, verbose_name="窗口授权"),
        ),
        migrations.AddField(
            model_name="material",
            name="basis",
            field=models.CharField(blank=True, db_default="", default="", max_length=300, verbose_name="依据"),
        ),
        migrations.AddField(
            model_name="material",
            name="deferrable",
            field=models.BooleanField(db_default=False, default=False, verbose_name="可以容缺"),
        ),
        migrations.AddField(
            model_name="material",
            name="deferred_days",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="容缺时限"),
        ),
        migrations.AddField(
            model_name="material",
            name="kind",
            field=models.CharField(blank=True, db_default="", default="", max_length=30, verbose_name="材料类型"),
        ),
        migrations.AddField(
            model_name="material",
            name="replaceable",
            field=models.CharField(blank=True, db_default="", default="", max_length=120, verbose_name="可由什么替代"),
        ),
        migrations.AddField(
            model_name="material",
            name="scenarios",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=120), blank=True, db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="material",
            name="standard",
            field=models.TextField(blank=True, db_default="", default="", verbose_name="受理标准"),
        ),
        migrations.AddField(
            model_name="step",
            name="standard",
            field=models.TextField(blank=True, db_default="", default="", verbose_name="审查标准"),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.UniqueConstraint(fields=("department", "local_code"), name="a_local_code_stands_once"),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(("parent", models.F("id")), _negated=True), name="an_item_is_not_its_own_parent"
            ),
        ),
        migrations.AddField(
            model_name="counter",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="%(class)s_rows", to="catalogue.itemversion"
            ),
        ),
        migrations.AddField(
            model_name="duty",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="%(class)s_rows", to="catalogue.itemversion"
            ),
        ),
        migrations.AddField(
            model_name="fee",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="%(class)s_rows", to="catalogue.itemversion"
            ),
        ),
        migrations.AddField(
            model_name="intermediary",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="%(class)s_rows", to="catalogue.itemversion"
            ),
        ),
        migrations.AddField(
            model_name="legalbasis",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="%(class)s_rows", to="catalogue.itemversion"
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="%(class)s_rows", to="catalogue.itemversion"
            ),
        ),
        migrations.AddField(
            model_name="result",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="%(class)s_rows", to="catalogue.itemversion"
            ),
        ),
        migrations.AddField(
            model_name="scenario",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="%(class)s_rows", to="catalogue.itemversion"
            ),
        ),
        migrations.AddField(
            model_name="specialstep",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="%(class)s_rows", to="catalogue.itemversion"
            ),
        ),
        migrations.AddConstraint(
            model_name="counter",
            constraint=models.UniqueConstraint(fields=("version", "position"), name="counter_has_one_place"),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.UniqueConstraint(fields=("version", "position"), name="duty_has_one_place"),
        ),
        migrations.AddConstraint(
            model_name="fee",
            constraint=models.UniqueConstraint(fields=("version", "position"), name="fee_has_one_place"),
        ),
        migrations.AddConstraint(
            model_name="fee",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("low__isnull", True), ("high__isnull", True), ("low__lte", models.F("high")), _connector="OR"
                ),
                name="a_fee_has_its_bounds_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="fee",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("low__isnull", True), ("low__gte", 0), _connector="OR"),
                    models.Q(("high__isnull", True), ("high__gte", 0), _connector="OR"),
                ),
                name="a_fee_is_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="intermediary",
            constraint=models.UniqueConstraint(fields=("version", "position"), name="intermediary_has_one_place"),
        ),
        migrations.AddConstraint(
            model_name="legalbasis",
            constraint=models.UniqueConstraint(fields=("version", "position"), name="legalbasis_has_one_place"),
        ),
        migrations.AddConstraint(
            model_name="legalbasis",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_from", ""), ("valid_to", ""), ("valid_from__lte", models.F("valid_to")), _connector="OR"
                ),
                name="a_norm_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(fields=("version", "position"), name="question_has_one_place"),
        ),
        migrations.AddConstraint(
            model_name="result",
            constraint=models.UniqueConstraint(fields=("version", "position"), name="result_has_one_place"),
        ),
        migrations.AddConstraint(
            model_name="scenario",
            constraint=models.UniqueConstraint(fields=("version", "position"), name="scenario_has_one_place"),
        ),
        migrations.AddConstraint(
            model_name="specialstep",
            constraint=models.UniqueConstraint(fields=("version", "position"), name="specialstep_has_one_place"),
        ),
    ]

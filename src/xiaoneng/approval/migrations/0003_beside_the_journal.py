import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("approval", "0002_claims"),
        ("catalogue", "0001_initial"),
        ("matters", "0004_clocks_in_the_row"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Renewal",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="renewal",
                        serialize=False,
                        to="matters.matter",
                    ),
                ),
                ("certificate", models.CharField(max_length=80, verbose_name="许可证编号")),
                ("expires_on", models.DateField(verbose_name="有效期届满日")),
                ("declared_by", models.BigIntegerField()),
                ("declared_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("hearing", "听证"), ("site_check", "现场核查"), ("publication", "公示")],
                        max_length=20,
                    ),
                ),
                ("seq", models.IntegerField()),
                ("starts_at", models.DateTimeField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("place", models.CharField(max_length=200)),
                (
                    "people",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "已安排"), ("held", "已进行"), ("called_off", "已取消")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("closed_seq", models.IntegerField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Terms",
            fields=[
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="terms",
                        serialize=False,
                        to="catalogue.itemversion",
                    ),
                ),
                ("extension_n", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="可以延长")),
                ("extension_unit", models.CharField(blank=True, max_length=12)),
                ("extension_basis", models.CharField(blank=True, max_length=300, verbose_name="延长的依据")),
                (
                    "waits",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), default=list, size=None
                    ),
                ),
                ("waits_basis", models.CharField(blank=True, max_length=300, verbose_name="不计入承诺的依据")),
                ("set_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Words",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.IntegerField()),
                ("name", models.CharField(max_length=30)),
                ("text", models.TextField()),
            ],
        ),
        migrations.AddField(
            model_name="session",
            name="matter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="sessions", to="matters.matter"
            ),
        ),
        migrations.AddField(
            model_name="terms",
            name="set_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="words",
            name="matter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="words", to="matters.matter"
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")), fields=("matter", "kind"), name="one_session_of_a_kind_is_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.UniqueConstraint(fields=("matter", "seq"), name="an_entry_arranges_one_session"),
        ),
        migrations.AddConstraint(
            model_name="terms",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("extension_n__isnull", True), ("extension_unit", "")),
                    models.Q(
                        ("extension_unit__in", ["working_day", "calendar_day", "hour", "month"]),
                        models.Q(("extension_basis", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="an_extension_of_special_law_has_unit_and_basis",
            ),
        ),
        migrations.AddConstraint(
            model_name="words",
            constraint=models.UniqueConstraint(fields=("matter", "seq", "name"), name="words_of_an_entry_stand_once"),
        ),
    ]

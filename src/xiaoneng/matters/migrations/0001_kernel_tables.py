"""The kernel's tables: written in SQL, read through unmanaged models."""

from pathlib import Path

import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    initial = True

    dependencies = [("org", "0001_initial"), ("catalogue", "0001_initial")]

    operations = [
        migrations.RunSQL((SQL / "tables.sql").read_text(), elidable=False),
        migrations.CreateModel(
            name="Clock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("round", models.IntegerField()),
                ("step", models.IntegerField()),
                ("unit", models.CharField(max_length=12)),
                ("limit", models.IntegerField()),
                ("extension", models.IntegerField()),
                ("started_on", models.DateField()),
                ("started_at", models.DateTimeField()),
                ("due_on", models.DateField(null=True)),
                ("yellow_at", models.DateTimeField(null=True)),
                ("red_at", models.DateTimeField(null=True)),
                ("state", models.CharField(max_length=10)),
                ("stopped_at", models.DateTimeField(null=True)),
                ("counts", models.BooleanField()),
                ("provisional", models.BooleanField()),
                ("calendar_version", models.IntegerField()),
            ],
            options={
                "db_table": "clock",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.IntegerField()),
                ("kind", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=60)),
                ("number", models.CharField(max_length=80)),
                ("verify_code", models.CharField(max_length=20)),
                ("issued_at", models.DateTimeField()),
            ],
            options={
                "db_table": "document",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.IntegerField()),
                ("move", models.CharField(max_length=40)),
                ("actor", models.BigIntegerField()),
                ("role", models.CharField(max_length=40)),
                ("authority", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                ("claimed_at", models.DateTimeField(null=True)),
                ("recorded_at", models.DateTimeField()),
                ("body", models.TextField()),
                ("facts", models.JSONField()),
                ("numbers", models.TextField()),
                ("item_version_id", models.BigIntegerField(null=True)),
                ("calendar_version", models.IntegerField(null=True)),
                ("source", models.CharField(max_length=200)),
                ("key", models.UUIDField(null=True)),
                ("prev", models.BinaryField()),
                ("hash", models.BinaryField()),
            ],
            options={
                "db_table": "entry",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Installation",
            fields=[
                ("one", models.BooleanField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=60)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "db_table": "installation",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Matter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=300)),
                ("opened_by", models.BigIntegerField()),
                ("opened_at", models.DateTimeField()),
                ("open_key", models.UUIDField(null=True)),
                ("genesis", models.BinaryField()),
                ("state", models.CharField(max_length=40)),
                ("version", models.IntegerField()),
                ("head", models.BinaryField()),
                ("intake_number", models.CharField(max_length=40, null=True)),
                ("number", models.CharField(max_length=40, null=True)),
                ("step", models.IntegerField()),
                ("step_name", models.CharField(max_length=40)),
                ("desk", models.CharField(max_length=40)),
                ("yellow_at", models.DateTimeField(null=True)),
                ("red_at", models.DateTimeField(null=True)),
                ("paused", models.BooleanField()),
                ("late", models.BooleanField()),
                ("closed", models.BooleanField()),
                ("changed_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "matter",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Pause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("kind", models.CharField(max_length=40)),
            ],
            options={
                "db_table": "pause",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Series",
            fields=[
                ("key", models.CharField(max_length=120, primary_key=True, serialize=False)),
                ("last", models.BigIntegerField()),
            ],
            options={
                "db_table": "series",
                "managed": False,
            },
        ),
    ]

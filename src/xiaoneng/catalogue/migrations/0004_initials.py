"""What is sought lies in narrow rows of its own, by pairs of characters and by initials, in place of text vectors."""

from pathlib import Path
from typing import Any

import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models

from xiaoneng.catalogue.search import keys
from xiaoneng.catalogue.sought import SoughtKeys

SQL = Path(__file__).resolve().parent.parent / "sql"
BEFORE = """
    DROP FUNCTION item_words(text, text[], text[], text);
    DROP FUNCTION bigrams(text);
    DROP FUNCTION search_text(text);
"""
TRIGGER_GONE = """
    DROP TRIGGER sought_follows_its_version ON catalogue_itemversion;
    DROP FUNCTION sought_follows_its_version();
"""
KEYS_GONE = """
    DROP FUNCTION sought_keys(text, text, text, text[]);
    DROP FUNCTION pieces(text, text);
"""
BATCH = 1000


def read(name: str) -> str:
    return (SQL / name).read_text(encoding="utf-8")


def index_anew(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias
    model = apps.get_model("catalogue", "Sought")
    versions = apps.get_model("catalogue", "ItemVersion").objects.using(alias)
    rows = versions.values_list(*keys.COLUMNS).iterator(chunk_size=BATCH)
    model.objects.using(alias).bulk_create((model(**keys.sought(*row)) for row in rows), batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0003_synonyms")]
    operations = [
        migrations.RunSQL(read("sought.sql"), KEYS_GONE),
        migrations.CreateModel(
            name="Sought",
            fields=[
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="sought",
                        serialize=False,
                        to="catalogue.itemversion",
                    ),
                ),
                ("in_force", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ("name", models.TextField()),
                ("rest", models.TextField()),
                ("said", models.PositiveSmallIntegerField()),
                ("initials", models.TextField()),
                ("headings", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        SoughtKeys("name", "rest", "initials", "headings"), name="item_keys", fastupdate=False
                    ),
                    models.Index(
                        django.db.models.functions.comparison.Collate("name", "C"), name="item_name_from_its_start"
                    ),
                    models.Index(
                        django.db.models.functions.comparison.Collate("initials", "C"),
                        name="item_in_alphabetical_order",
                    ),
                ],
            },
        ),
        migrations.RunSQL(read("in_force.sql"), TRIGGER_GONE),
        migrations.RunPython(index_anew, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name="itemversion", name="item_search"),
        migrations.RemoveField(model_name="itemversion", name="search"),
        migrations.RunSQL(BEFORE, read("bigrams.sql")),
    ]

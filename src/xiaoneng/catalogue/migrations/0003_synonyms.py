"""Everyday words and the official ones that they stand for, with a first set of rows."""

from typing import Any

from django.db import migrations, models

from xiaoneng.catalogue.everyday import FIRST_ROWS


def put_first_rows(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("catalogue", "Synonym").objects.using(schema_editor.connection.alias)
    model = apps.get_model("catalogue", "Synonym")
    rows.bulk_create([model(word=word, official=official) for word, official in FIRST_ROWS], ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_bigram_function")]
    operations = [
        migrations.CreateModel(
            name="Synonym",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=30, verbose_name="平常的说法")),
                ("official", models.CharField(max_length=30, verbose_name="正式的说法")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["word", "official"], name="a_word_stands_for_another_once"),
                    models.CheckConstraint(
                        condition=~models.Q(word="") & ~models.Q(official="") & ~models.Q(word=models.F("official")),
                        name="a_synonym_has_two_words",
                    ),
                ],
            },
        ),
        migrations.RunPython(put_first_rows, migrations.RunPython.noop),
    ]

"""Everyday words that came later, for installations that have rows already; words that somebody changed stay as they are."""

from collections import defaultdict
from typing import Any

from django.db import migrations

from xiaoneng.catalogue.everyday import EARLIER_ROWS, LATER_ROWS


def put_later_rows(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias
    model = apps.get_model("catalogue", "Synonym")
    stand: dict[str, set[str]] = defaultdict(set)
    for word, official in model.objects.using(alias).values_list("word", "official"):
        stand[word].add(official)
    came: dict[str, set[str]] = defaultdict(set)
    for word, official in EARLIER_ROWS:
        came[word].add(official)
    records = apps.get_model("trail", "Record").objects.using(alias)
    on_record = set(records.filter(key__startswith="word:").values_list("key", flat=True))
    fresh = [
        model(word=word, official=official)
        for word, official in LATER_ROWS
        if stand[word] == came[word] and f"word:{word}" not in on_record
    ]
    model.objects.using(alias).bulk_create(fresh, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0009_keys_taken_in_at_once"), ("trail", "0001_records")]
    operations = [migrations.RunPython(put_later_rows, migrations.RunPython.noop)]

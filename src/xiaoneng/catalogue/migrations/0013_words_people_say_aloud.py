"""Words as people say them aloud, and away with rows that led astray; words that somebody changed stay as they are."""

from collections import defaultdict
from typing import Any

from django.db import migrations

from xiaoneng.catalogue.everyday import ASTRAY_ROWS, EARLIER_ROWS, LATER_ROWS, SPOKEN_ROWS


def put_spoken_rows(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias
    model = apps.get_model("catalogue", "Synonym")
    stand: dict[str, set[str]] = defaultdict(set)
    for word, official in model.objects.using(alias).values_list("word", "official"):
        stand[word].add(official)
    came: dict[str, set[str]] = defaultdict(set)
    for word, official in (*EARLIER_ROWS, *LATER_ROWS):
        came[word].add(official)
    records = apps.get_model("trail", "Record").objects.using(alias)
    on_record = set(records.filter(key__startswith="word:").values_list("key", flat=True))

    def untouched(word: str) -> bool:
        return stand[word] == came[word] and f"word:{word}" not in on_record

    for word, official in ASTRAY_ROWS:
        if untouched(word):
            model.objects.using(alias).filter(word=word, official=official).delete()
    fresh = [model(word=word, official=official) for word, official in SPOKEN_ROWS if untouched(word)]
    model.objects.using(alias).bulk_create(fresh, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0012_items_that_bear_on_safety"), ("trail", "0001_records")]
    operations = [migrations.RunPython(put_spoken_rows, migrations.RunPython.noop)]

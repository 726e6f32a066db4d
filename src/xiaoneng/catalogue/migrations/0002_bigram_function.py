"""The functions that turn an item's words into pairs of characters to be searched."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql" / "bigrams.sql"
GONE = """
    DROP FUNCTION item_words(text, text[], text[], text);
    DROP FUNCTION bigrams(text);
    DROP FUNCTION search_text(text);
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]
    operations = [migrations.RunSQL(SQL.read_text(encoding="utf-8"), GONE)]

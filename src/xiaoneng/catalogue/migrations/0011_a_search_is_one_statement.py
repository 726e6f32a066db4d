"""A search is one statement, and words that very many items have are looked for in a small index first."""

from pathlib import Path

import django.contrib.postgres.indexes
from django.db import migrations
from django.db.models import F, Q
from django.db.models.lookups import Exact

from xiaoneng.catalogue.sought import PARTS, PENDING, SoughtKeys

SQL = Path(__file__).resolve().parent.parent / "sql"
PAGE = (SQL / "find_page.sql").read_text(encoding="utf-8")
FIND = (SQL / "find_items.sql").read_text(encoding="utf-8").partition("-- Several ways")[0]
SETTLE = (SQL / "owner" / "settle.sql").read_text(encoding="utf-8")
SETTLE_BOTH = (SQL / "owner" / "settle_both.sql").read_text(encoding="utf-8")
NO_PAGE = """DROP FUNCTION find_page(timestamptz, text, text, text, text, text, text, int, int, boolean, boolean, boolean, int,
    int, int); DROP FUNCTION in_line(int, text, bigint)"""
NO_FIND = "DROP FUNCTION find_items(timestamptz, text[], text[], text[], text[], text[], text, text[], int, int)"


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0010_words_people_ask_with")]
    operations = [
        migrations.AddIndex(
            model_name="sought",
            index=django.contrib.postgres.indexes.GinIndex(
                SoughtKeys("name", "rest", "initials", "headings"),
                name="item_keys_of_an_eighth",
                fastupdate=True,
                gin_pending_list_limit=PENDING,
                condition=Q(Exact(F("version") % PARTS, 0)),
            ),
        ),
        migrations.RunSQL(SETTLE_BOTH, SETTLE),
        migrations.RunSQL(NO_FIND, FIND),
        migrations.RunSQL(PAGE, NO_PAGE),
    ]

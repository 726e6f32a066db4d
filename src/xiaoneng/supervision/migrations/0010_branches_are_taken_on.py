"""The branches of joint cases count as taken on: what was counted without them is counted anew from the journal."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("supervision", "0009_board_in_rows")]

    operations = [
        migrations.RunSQL(
            "DELETE FROM supervision_tally; DELETE FROM supervision_turn; DELETE FROM supervision_done",
            migrations.RunSQL.noop,
            elidable=True,
        ),
    ]

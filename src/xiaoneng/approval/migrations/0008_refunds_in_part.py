"""How much of a charge is to be paid back and has been: in part, several times, never more than was paid."""

import django.db.models as models
from django.db import migrations

WHOLE = """
UPDATE approval_charge c SET refunding = CASE WHEN m.state = 'refunding' THEN c.amount ELSE 0 END,
  refunded = CASE WHEN m.state = 'refunded' THEN c.amount ELSE 0 END
FROM matter m WHERE m.id = c.matter_id AND m.state IN ('refunding', 'refunded')"""


class Migration(migrations.Migration):
    """What was paid back before was paid back whole."""

    dependencies = [("approval", "0007_fees_certificates_facts")]

    operations = [
        migrations.AddField("charge", "refunding", models.BigIntegerField("决定退而还没有退的（分）", default=0)),
        migrations.AddField("charge", "refunded", models.BigIntegerField("已经退的（分）", default=0)),
        migrations.RunSQL(WHOLE, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "charge",
            models.CheckConstraint(
                condition=models.Q(
                    refunding__gte=0, refunded__gte=0, amount__gte=models.F("refunding") + models.F("refunded")
                ),
                name="no_more_is_paid_back_than_was_paid",
            ),
        ),
    ]

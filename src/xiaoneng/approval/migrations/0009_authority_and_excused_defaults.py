"""Whether who submitted may act for the applicant, and since which entry a broken promise counts no more."""

import django.db.models as models
from django.db import migrations


class Migration(migrations.Migration):
    """Nothing is asked of what was submitted before."""

    dependencies = [("approval", "0008_refunds_in_part")]

    operations = [
        migrations.AddField(
            "application", "authority", models.CharField(max_length=12, blank=True, default="", db_default="")
        ),
        migrations.AddField("breach", "excused_seq", models.IntegerField(null=True, blank=True)),
    ]

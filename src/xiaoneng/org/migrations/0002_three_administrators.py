import django.contrib.postgres.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            "holding",
            "stands_in_for",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="stood_in_for",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            "holding",
            django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(
                    ("role__in", ["system_administrator", "security_administrator", "audit_administrator"])
                ),
                expressions=[("account", "="), ("role", "<>"), ("during", "&&")],
                name="nobody_is_two_administrators",
            ),
        ),
    ]

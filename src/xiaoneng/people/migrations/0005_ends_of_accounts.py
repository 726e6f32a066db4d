from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_safe_signing_in"),
    ]

    operations = [
        migrations.AddField("account", "expires_on", models.DateField("有效期至", blank=True, null=True)),
        migrations.AddField("account", "opened_at", models.DateTimeField(db_default=Now())),
        migrations.AddField("account", "used_at", models.DateTimeField(blank=True, null=True)),
    ]

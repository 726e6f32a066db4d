"""When each rule of findings was last looked for, and whether that came to its end."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("supervision", "0007_findings")]

    operations = [
        migrations.CreateModel(
            name="Look",
            fields=[
                ("rule", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("seconds", models.FloatField()),
                ("finished", models.BooleanField()),
            ],
        )
    ]

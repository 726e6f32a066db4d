from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0003_dated_hours_and_notices"),
    ]

    operations = [
        migrations.CreateModel(
            name="Setting",
            fields=[
                ("key", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("value", models.JSONField()),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.CharField(max_length=60)),
            ],
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("api", "0001_tokens"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeyedRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account", models.BigIntegerField()),
                ("key", models.UUIDField()),
                ("fingerprint", models.CharField(max_length=64)),
                ("status", models.SmallIntegerField(null=True)),
                ("answer", models.TextField(default="")),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["at"], name="keyed_request_at")],
                "constraints": [models.UniqueConstraint(fields=("account", "key"), name="a_key_is_used_once")],
            },
        ),
        migrations.CreateModel(
            name="Rate",
            fields=[
                ("who", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("began", models.BigIntegerField()),
                ("count", models.IntegerField()),
            ],
        ),
        # A count of the last minute is worth no log: it may be lost in a crash, and costs a fraction to write.
        migrations.RunSQL("ALTER TABLE api_rate SET UNLOGGED", "ALTER TABLE api_rate SET LOGGED"),
    ]

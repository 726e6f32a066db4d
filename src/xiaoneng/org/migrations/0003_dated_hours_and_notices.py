import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0002_three_administrators"),
    ]

    operations = [
        migrations.AlterField(
            "region", "office_hours", models.CharField(default="09:00-12:00,13:00-17:00", max_length=400)
        ),
        migrations.CreateModel(
            name="HoursVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.PositiveIntegerField()),
                ("office_hours", models.CharField(max_length=400)),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="hours_versions", to="org.region"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("region", "since"), name="hours_of_a_version_are_written_once")
                ],
            },
        ),
        migrations.AddField("calendarnotice", "until", models.PositiveIntegerField(blank=True, null=True)),
        migrations.RemoveConstraint("calendarnotice", "a_year_has_one_notice"),
        migrations.AddConstraint(
            "calendarnotice",
            models.UniqueConstraint(
                condition=models.Q(("until__isnull", True)), fields=("calendar", "year"), name="a_year_has_one_notice"
            ),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0004_settings"),
    ]

    operations = [
        migrations.AddField(
            model_name="department",
            name="closed_on",
            field=models.DateField(blank=True, null=True, verbose_name="撤销日"),
        ),
        migrations.AddField(
            model_name="department",
            name="succeeded_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=models.deletion.PROTECT, related_name="succeeds", to="org.department"
            ),
        ),
    ]

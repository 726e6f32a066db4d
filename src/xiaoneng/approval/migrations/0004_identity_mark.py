from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("approval", "0003_beside_the_journal")]

    operations = [
        migrations.AddField(
            model_name="application",
            name="identity_mark",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                condition=models.Q(("identity_mark", ""), _negated=True),
                fields=["identity_mark"],
                name="application_by_identity",
            ),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0007_find_items")]

    operations = [
        migrations.AddField(
            "itemversion", "early_issue", models.BooleanField("容缺可以先发证", db_default=False, default=False)
        ),
        migrations.AddField(
            "itemversion", "committable", models.BooleanField("可以告知承诺", db_default=False, default=False)
        ),
        migrations.AddField(
            "itemversion", "commitment_text", models.TextField("承诺书内容", blank=True, db_default="", default="")
        ),
        migrations.AddField(
            "itemversion", "check_days", models.PositiveSmallIntegerField("事后核查期限", blank=True, null=True)
        ),
    ]

"""Whether an item bears directly on public safety, health, life or property (行政许可法 arts. 78, 79)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0011_a_search_is_one_statement")]

    operations = [
        migrations.AddField(
            "itemversion",
            "bears_on_safety",
            models.BooleanField("直接关系公共安全、人身健康、生命财产安全", db_default=False, default=False),
        )
    ]

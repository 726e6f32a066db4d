"""A hundred thousand red lights at once come in with no more indexes than somebody reads."""

import django.db.models.deletion
from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("supervision", "0002_tallies")]

    operations = [
        migrations.AlterField(
            model_name="redlight",
            name="matter",
            field=models.ForeignKey(
                db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT,
                related_name="red_lights", to="matters.matter",
            ),
        ),
        migrations.RemoveIndex(model_name="redlight", name="red_light_since"),
        migrations.AddIndex(
            model_name="redlight",
            index=BrinIndex(autosummarize=True, fields=["since"], name="red_light_since_about", pages_per_range=16),
        ),
        migrations.AddIndex(
            model_name="redlight",
            index=models.Index(fields=["id"], condition=models.Q(("seal__isnull", True)), name="red_light_unsealed"),
        ),
    ]  # fmt: skip

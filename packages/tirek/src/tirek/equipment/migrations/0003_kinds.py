from django.db import migrations

from tirek.equipment.kinds import add_missing


def forwards(apps, schema_editor):
    add_missing(apps.get_model("equipment", "Kind"))


class Migration(migrations.Migration):
    dependencies = [("equipment", "0002_items")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]

from django.db import migrations

from tirek.incidents.kinds import add_missing


def forwards(apps, schema_editor):
    add_missing(apps.get_model("incidents", "Kind"))


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]

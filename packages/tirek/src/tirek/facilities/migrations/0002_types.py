from django.db import migrations

from tirek.facilities.types import add_missing


def forwards(apps, schema_editor):
    add_missing(apps.get_model("facilities", "FacilityType"))


class Migration(migrations.Migration):
    dependencies = [("facilities", "0001_initial")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]

from django.db import migrations

from tirek.equipment.adoption import give_items


def forwards(apps, schema_editor):
    """Panels that are there become equipment."""
    give_items(
        apps.get_model("equipment", "Item"),
        apps.get_model("equipment", "Kind"),
        apps.get_model("alarms", "Panel"),
        lambda panel: ("alarm_panel", "", panel.account, None),
    )


class Migration(migrations.Migration):
    dependencies = [("alarms", "0003_equipment")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]

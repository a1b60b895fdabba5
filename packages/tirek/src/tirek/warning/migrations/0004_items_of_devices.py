from django.db import migrations

from tirek.equipment.adoption import give_items


def forwards(apps, schema_editor):
    """Sirens and loudspeakers at facilities become equipment; those in streets belong to none."""
    give_items(
        apps.get_model("equipment", "Item"),
        apps.get_model("equipment", "Kind"),
        apps.get_model("warning", "Endpoint"),
        lambda endpoint: (
            endpoint.kind,
            endpoint.name,
            endpoint.code,
            endpoint.enrolled_at and endpoint.enrolled_at.date(),
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("warning", "0003_equipment")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]

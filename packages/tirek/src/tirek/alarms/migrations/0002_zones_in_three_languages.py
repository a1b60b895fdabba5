"""Names and places of zones in three languages. What stands there now stands in all of them until somebody translates it."""

from django.db import migrations, models
from django.db.models import F


def copy_to_all(apps, schema_editor):
    zones = apps.get_model("alarms", "Zone").objects.using(schema_editor.connection.alias)
    zones.update(name_kk=F("name_ru"), name_en=F("name_ru"), place_kk=F("place_ru"), place_en=F("place_ru"))


class Migration(migrations.Migration):
    dependencies = [("alarms", "0001_initial")]

    operations = [
        migrations.RenameField("zone", "name", "name_ru"),
        migrations.AlterField(
            "zone", "name_ru", models.CharField(blank=True, max_length=200, verbose_name="name in Russian")
        ),
        migrations.AddField(
            "zone",
            "name_kk",
            models.CharField(blank=True, default="", max_length=200, verbose_name="name in Kazakh"),
            preserve_default=False,
        ),
        migrations.AddField(
            "zone",
            "name_en",
            models.CharField(blank=True, default="", max_length=200, verbose_name="name in English"),
            preserve_default=False,
        ),
        migrations.RenameField("zone", "place", "place_ru"),
        migrations.AlterField(
            "zone",
            "place_ru",
            models.CharField(blank=True, max_length=160, verbose_name="place in the building, in Russian"),
        ),
        migrations.AddField(
            "zone",
            "place_kk",
            models.CharField(blank=True, default="", max_length=160, verbose_name="place in the building, in Kazakh"),
            preserve_default=False,
        ),
        migrations.AddField(
            "zone",
            "place_en",
            models.CharField(blank=True, default="", max_length=160, verbose_name="place in the building, in English"),
            preserve_default=False,
        ),
        migrations.RunPython(copy_to_all, migrations.RunPython.noop),
    ]

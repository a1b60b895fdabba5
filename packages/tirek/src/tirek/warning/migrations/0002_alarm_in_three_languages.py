"""The words of the alarm that an alert answers, in three languages. What stands there now stands in all of them."""

from django.db import migrations, models
from django.db.models import F


def copy_to_all(apps, schema_editor):
    alerts = apps.get_model("warning", "Alert").objects.using(schema_editor.connection.alias)
    alerts.update(alarm_text_kk=F("alarm_text_ru"), alarm_text_en=F("alarm_text_ru"))


class Migration(migrations.Migration):
    dependencies = [("warning", "0001_initial")]

    operations = [
        migrations.RenameField("alert", "alarm_text", "alarm_text_ru"),
        migrations.AlterField("alert", "alarm_text_ru", models.CharField(blank=True, max_length=300)),
        migrations.AddField(
            "alert", "alarm_text_kk", models.CharField(blank=True, default="", max_length=300), preserve_default=False
        ),
        migrations.AddField(
            "alert", "alarm_text_en", models.CharField(blank=True, default="", max_length=300), preserve_default=False
        ),
        migrations.RunPython(copy_to_all, migrations.RunPython.noop),
    ]

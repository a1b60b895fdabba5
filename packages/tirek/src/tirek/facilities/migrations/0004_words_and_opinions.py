from django.db import migrations, models


def fill_words(apps, schema_editor):
    """As `facilities.words.words_of` has it, for rows that were there before."""
    model = apps.get_model("facilities", "Facility")
    rows = []
    for row in model.objects.only("name_kk", "name_ru", "name_en", "address_kk", "address_ru", "code"):
        names = dict.fromkeys([row.name_kk, row.name_ru, row.name_en])
        row.words = " ".join([*names, row.address_kk, row.address_ru, row.code]).casefold()
        rows.append(row)
    model.objects.bulk_update(rows, ["words"], batch_size=500)


class Migration(migrations.Migration):

    dependencies = [
        ("facilities", "0003_register"),
    ]

    operations = [
        migrations.AddField(
            model_name="facility",
            name="words",
            field=models.TextField(
                default="", editable=False, help_text="what the search looks in, without capitals"
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="supported",
            field=models.BooleanField(blank=True, null=True, verbose_name="the reviewer is for it"),
        ),
        migrations.RunPython(fill_words, migrations.RunPython.noop),
    ]

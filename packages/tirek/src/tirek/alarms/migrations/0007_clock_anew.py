from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('alarms', '0006_newest_stamp'),
    ]

    operations = [
        migrations.AddField(
            model_name='panel',
            name='clock_anew_at',
            field=models.DateTimeField(help_text='stamps from before do not count any more', null=True, verbose_name='clock started anew at'),
        ),
        migrations.AddField(
            model_name='panel',
            name='old_stamps_at',
            field=models.DateTimeField(help_text='taken in, but no sign of life; written seldom', null=True, verbose_name='last call with an old time stamp'),
        ),
    ]

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('requirements', '0001_initial'), ('requirements', '0002_standings')]

    initial = True

    dependencies = [
        ('facilities', '0003_register'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Standard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_kk', models.CharField(blank=True, max_length=200, verbose_name='name in Kazakh')),
                ('name_ru', models.CharField(blank=True, max_length=200, verbose_name='name in Russian')),
                ('name_en', models.CharField(blank=True, max_length=200, verbose_name='name in English')),
                ('code', models.CharField(max_length=60, unique=True, verbose_name='code')),
                ('is_sample', models.BooleanField(default=False)),
            ],
            options={
                'verbose_name': 'standard',
                'ordering': ['code'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(max_length=40, verbose_name='edition')),
                ('state', models.CharField(choices=[('draft', 'draft'), ('in_force', 'in force'), ('replaced', 'replaced')], default='draft', max_length=8, verbose_name='state')),
                ('instrument_kk', models.CharField(blank=True, max_length=400, verbose_name='legal source in Kazakh')),
                ('instrument_ru', models.CharField(blank=True, max_length=400, verbose_name='legal source in Russian')),
                ('instrument_en', models.CharField(blank=True, max_length=400, verbose_name='legal source in English')),
                ('source_url', models.URLField(blank=True, max_length=400, verbose_name='address of the source')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='in force from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='in force until')),
                ('sha256', models.CharField(help_text='of the file as it was imported', max_length=64)),
                ('imported_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('is_sample', models.BooleanField(default=False)),
                ('imported_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('standard', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='requirements.standard')),
                ('enforced_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('enforced_on', models.DateField(blank=True, null=True, verbose_name='put in force')),
                ('file', models.TextField(blank=True, editable=False, help_text='the file as it was imported')),
                ('replaced_on', models.DateField(blank=True, null=True, verbose_name='replaced')),
            ],
            options={
                'verbose_name': 'edition',
                'ordering': ['standard', '-valid_from', '-pk'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('standard', 'label'), name='one_edition_per_label'), models.UniqueConstraint(condition=models.Q(('state', 'in_force')), fields=('standard',), name='one_edition_in_force_per_standard')],
            },
        ),
        migrations.CreateModel(
            name='Standing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60)),
                ('state', models.CharField(choices=[('met', 'met'), ('unmet', 'not met'), ('na', 'does not apply'), ('unknown', 'not known')], max_length=8)),
                ('since', models.DateTimeField(help_text='evidence date: when it was seen, not when it was typed')),
                ('source', models.CharField(help_text='inspection, notice, live, declared', max_length=12)),
                ('source_id', models.BigIntegerField(blank=True, null=True)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('facility', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='standings', to='facilities.facility')),
                ('standard', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='standings', to='requirements.standard')),
                ('live_since', models.DateTimeField(null=True)),
                ('live_state', models.CharField(blank=True, choices=[('met', 'met'), ('unmet', 'not met'), ('na', 'does not apply'), ('unknown', 'not known')], max_length=8)),
                ('live_text', models.JSONField(default=dict, help_text='{"kk": ..., "ru": ..., "en": ...}')),
                ('said_note', models.CharField(blank=True, max_length=300)),
                ('said_since', models.DateTimeField(null=True)),
                ('said_source', models.CharField(blank=True, max_length=12)),
                ('said_source_id', models.BigIntegerField(null=True)),
                ('said_state', models.CharField(blank=True, choices=[('met', 'met'), ('unmet', 'not met'), ('na', 'does not apply'), ('unknown', 'not known')], max_length=8)),
            ],
            options={
                'default_permissions': (),
                'indexes': [models.Index(fields=['facility', 'state'], name='requirement_facilit_dd3796_idx'), models.Index(fields=['standard', 'key', 'state'], name='requirement_standar_6151f0_idx')],
                'constraints': [models.UniqueConstraint(fields=('facility', 'standard', 'key'), name='one_standing_per_key')],
                'verbose_name': 'standing',
            },
        ),
        migrations.CreateModel(
            name='FormerStanding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60)),
                ('state', models.CharField(choices=[('met', 'met'), ('unmet', 'not met'), ('na', 'does not apply'), ('unknown', 'not known')], max_length=8)),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('why', models.CharField(choices=[('newer', 'something newer is known'), ('dropped', 'no longer required')], default='newer', max_length=8)),
                ('source', models.CharField(max_length=12)),
                ('source_id', models.BigIntegerField(null=True)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('facility', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_standings', to='facilities.facility')),
                ('standard', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='requirements.standard')),
            ],
            options={
                'ordering': ['-until', '-pk'],
                'default_permissions': (),
                'indexes': [models.Index(fields=['facility', 'standard', 'key'], name='requirement_facilit_76fa62_idx')],
            },
        ),
        migrations.CreateModel(
            name='Requirement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(db_index=True, max_length=60, verbose_name='key')),
                ('paragraph', models.CharField(max_length=40, verbose_name='paragraph')),
                ('order', models.PositiveIntegerField(default=0)),
                ('section_kk', models.CharField(blank=True, max_length=200)),
                ('section_ru', models.CharField(blank=True, max_length=200)),
                ('section_en', models.CharField(blank=True, max_length=200)),
                ('text_kk', models.TextField(verbose_name='text in Kazakh')),
                ('text_ru', models.TextField(verbose_name='text in Russian')),
                ('text_en', models.TextField(blank=True, verbose_name='text in English')),
                ('hint_kk', models.TextField(blank=True, help_text='how to verify, for the inspector')),
                ('hint_ru', models.TextField(blank=True)),
                ('hint_en', models.TextField(blank=True)),
                ('point', models.CharField(choices=[('perimeter', 'perimeter'), ('entrances', 'entrances'), ('inside', 'inside the building'), ('video', 'video surveillance'), ('alarm', 'alarm and communication'), ('warning', 'warning people'), ('people', 'staff and drills'), ('papers', 'documents and order')], max_length=12, verbose_name='protects')),
                ('mandatory', models.BooleanField(default=False, verbose_name='mandatory')),
                ('weight', models.PositiveSmallIntegerField(default=1, verbose_name='weight')),
                ('severity', models.CharField(choices=[('minor', 'minor'), ('serious', 'serious'), ('critical', 'critical')], default='serious', max_length=8, verbose_name='severity')),
                ('verify', models.CharField(choices=[('look', 'look'), ('document', 'document'), ('test', 'test'), ('live', 'from live data')], default='look', max_length=8, verbose_name='how it is verified')),
                ('live_check', models.JSONField(blank=True, default=dict, help_text='{"name": ..., parameters} of a registered check')),
                ('evidence', models.JSONField(blank=True, default=list, help_text='what is wanted: "photo", "document", "date"')),
                ('applies', models.JSONField(blank=True, default=dict, help_text='{"types": [...], "categories": [...], "min_people": n, ...}; empty: all')),
                ('deadline_days', models.PositiveSmallIntegerField(default=30, verbose_name='usual term, days')),
                ('measures', models.JSONField(blank=True, default=list, help_text='codes of measures that meet it')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='requirements', to='requirements.edition')),
            ],
            options={
                'verbose_name': 'requirement',
                'ordering': ['edition', 'order'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('edition', 'key'), name='one_requirement_per_key')],
            },
        ),
    ]

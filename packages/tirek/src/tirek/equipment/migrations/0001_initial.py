import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('facilities', '0003_register'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Kind',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_kk', models.CharField(blank=True, max_length=200, verbose_name='name in Kazakh')),
                ('name_ru', models.CharField(blank=True, max_length=200, verbose_name='name in Russian')),
                ('name_en', models.CharField(blank=True, max_length=200, verbose_name='name in English')),
                ('code', models.CharField(max_length=30, unique=True, verbose_name='code')),
                ('icon', models.CharField(default='device-desktop', max_length=40, verbose_name='icon')),
                ('group', models.CharField(choices=[('video', 'video surveillance'), ('alarm', 'alarm'), ('sound', 'warning by sound'), ('access', 'access control'), ('barrier', 'barriers and fences'), ('power', 'power supply'), ('light', 'lighting'), ('detection', 'detection'), ('fire', 'fire protection'), ('other', 'other')], default='other', max_length=12, verbose_name='group')),
                ('test_every_days', models.PositiveSmallIntegerField(blank=True, help_text='empty: no tests are due', null=True, verbose_name='to be tested every, days')),
                ('is_active', models.BooleanField(default=True, verbose_name='in use')),
            ],
            options={
                'verbose_name': 'kind of equipment',
                'ordering': ['code'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Stocktake',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('expected', models.JSONField(default=list, help_text='ids of the items that were on the list at the start')),
                ('result', models.JSONField(default=dict, help_text='what it found, counted when it was closed')),
                ('is_sample', models.BooleanField(default=False)),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('facility', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stocktakes', to='facilities.facility', verbose_name='facility')),
                ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'stocktake',
                'ordering': ['-started_at'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('facility',), name='one_open_stocktake_per_facility')],
            },
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tag', models.CharField(help_text='stands on its label', max_length=40, unique=True, verbose_name='inventory number')),
                ('place', models.CharField(blank=True, max_length=160, verbose_name='place in the building')),
                ('maker', models.CharField(blank=True, max_length=80, verbose_name='maker')),
                ('model', models.CharField(blank=True, max_length=80, verbose_name='model')),
                ('serial', models.CharField(blank=True, db_index=True, max_length=80, verbose_name='serial number')),
                ('quantity', models.PositiveSmallIntegerField(default=1, verbose_name='quantity')),
                ('state', models.CharField(choices=[('planned', 'planned'), ('works', 'works'), ('fault', 'faulty'), ('repair', 'in repair'), ('missing', 'missing'), ('retired', 'taken out')], default='works', max_length=8, verbose_name='state')),
                ('installed_on', models.DateField(blank=True, null=True, verbose_name='installed')),
                ('warranty_until', models.DateField(blank=True, null=True, verbose_name='warranty until')),
                ('last_test_on', models.DateField(blank=True, null=True, verbose_name='last test')),
                ('last_test_passed', models.BooleanField(blank=True, null=True, verbose_name='test passed')),
                ('next_test_on', models.DateField(blank=True, db_index=True, null=True, verbose_name='next test')),
                ('retention_days', models.PositiveSmallIntegerField(blank=True, help_text='for video recorders and cameras', null=True, verbose_name='recordings kept, days')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('is_sample', models.BooleanField(default=False)),
                ('building', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='facilities.building', verbose_name='building')),
                ('facility', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='equipment', to='facilities.facility', verbose_name='facility')),
                ('kind', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='equipment.kind', verbose_name='kind')),
            ],
            options={
                'verbose_name': 'piece of equipment',
                'ordering': ['facility', 'kind', 'tag'],
                'default_permissions': (),
                'indexes': [models.Index(fields=['facility', 'kind'], name='equipment_i_facilit_3bd19d_idx')],
            },
        ),
        migrations.CreateModel(
            name='ItemTest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('passed', models.BooleanField(verbose_name='passed')),
                ('source', models.CharField(default='person', help_text='person, panel, endpoint', max_length=12)),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tests', to='equipment.item')),
            ],
            options={
                'ordering': ['-at', '-pk'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Scan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(help_text='what the label said', max_length=200)),
                ('place', models.CharField(blank=True, max_length=160)),
                ('at', models.DateTimeField()),
                ('client_id', models.CharField(blank=True, max_length=64)),
                ('building', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='facilities.building')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='scans', to='equipment.item')),
                ('stocktake', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scans', to='equipment.stocktake')),
            ],
            options={
                'ordering': ['at', 'pk'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(condition=models.Q(('item__isnull', False)), fields=('stocktake', 'item'), name='one_scan_per_item')],
            },
        ),
    ]

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('facilities', '0002_types'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Alarm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('panic', 'panic button'), ('holdup', 'hold-up'), ('duress', 'duress'), ('fire', 'fire'), ('medical', 'medical help'), ('burglary', 'intrusion'), ('tamper', 'tampering'), ('silent', 'panel does not answer'), ('trouble', 'technical trouble'), ('test', 'test'), ('other', 'other signal')], max_length=12)),
                ('urgency', models.PositiveSmallIntegerField(default=99, help_text='0 is the most urgent; follows from the kind')),
                ('state', models.CharField(choices=[('new', 'new'), ('acknowledged', 'accepted'), ('in_hand', 'in hand'), ('closed', 'closed')], default='new', max_length=12)),
                ('opened_at', models.DateTimeField(help_text='when the first signal was received')),
                ('shown_at', models.DateTimeField(help_text='when a desk first showed it', null=True)),
                ('last_signal_at', models.DateTimeField()),
                ('signal_count', models.PositiveIntegerField(default=0)),
                ('acknowledged_at', models.DateTimeField(null=True)),
                ('taken_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, choices=[('real', 'real'), ('false', 'false'), ('test', 'test'), ('itself', 'ended by itself')], max_length=8)),
                ('close_note', models.TextField(blank=True)),
                ('is_test', models.BooleanField(default=False, help_text='the panel was under test')),
                ('is_sample', models.BooleanField(default=False)),
                ('acknowledged_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('facility', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='alarms', to='facilities.facility')),
                ('taken_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-opened_at'],
                'default_permissions': (),
                'indexes': [models.Index(fields=['state', 'urgency', 'opened_at'], name='alarms_alar_state_35b02a_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'closed'), _negated=True), fields=('facility', 'kind', 'is_test'), name='one_open_alarm_per_facility_and_kind')],
            },
        ),
        migrations.CreateModel(
            name='Panel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.CharField(db_index=True, max_length=16, verbose_name='account')),
                ('prefix', models.CharField(blank=True, help_text='empty: any', max_length=8, verbose_name='line prefix')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='name')),
                ('key', models.BinaryField(blank=True, editable=True, help_text="AES key, encrypted with the installation's own key", null=True)),
                ('profile', models.CharField(default='auto', max_length=20, verbose_name='profile')),
                ('heartbeat_s', models.PositiveIntegerField(default=120, verbose_name='heartbeat, seconds')),
                ('check_time', models.BooleanField(default=False, verbose_name='check the time stamp')),
                ('last_seen', models.DateTimeField(blank=True, null=True, verbose_name='last heard')),
                ('last_address', models.CharField(blank=True, max_length=64)),
                ('silent_since', models.DateTimeField(blank=True, null=True, verbose_name='silent since')),
                ('test_until', models.DateTimeField(blank=True, null=True, verbose_name='under test until')),
                ('signals_total', models.PositiveBigIntegerField(default=0)),
                ('duplicates_total', models.PositiveBigIntegerField(default=0)),
                ('is_sample', models.BooleanField(default=False)),
                ('facility', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='panels', to='facilities.facility', verbose_name='facility')),
            ],
            options={
                'ordering': ['account'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('account', 'prefix'), name='one_panel_per_account')],
            },
        ),
        migrations.CreateModel(
            name='ResponsePlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_kk', models.CharField(blank=True, max_length=200, verbose_name='name in Kazakh')),
                ('name_ru', models.CharField(blank=True, max_length=200, verbose_name='name in Russian')),
                ('name_en', models.CharField(blank=True, max_length=200, verbose_name='name in English')),
                ('code', models.CharField(max_length=20, unique=True)),
                ('kind', models.CharField(choices=[('panic', 'panic button'), ('holdup', 'hold-up'), ('duress', 'duress'), ('fire', 'fire'), ('medical', 'medical help'), ('burglary', 'intrusion'), ('tamper', 'tampering'), ('silent', 'panel does not answer'), ('trouble', 'technical trouble'), ('test', 'test'), ('other', 'other signal')], max_length=12)),
                ('warning_plan', models.CharField(blank=True, help_text='code of the plan of warning it offers', max_length=40)),
                ('radius_m', models.PositiveIntegerField(default=400, help_text='radius of the warning it offers')),
                ('is_sample', models.BooleanField(default=False)),
                ('facility_type', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='facilities.facilitytype')),
            ],
            options={
                'ordering': ['code'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='UnknownAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.CharField(max_length=16)),
                ('address', models.CharField(max_length=64)),
                ('first_seen', models.DateTimeField()),
                ('last_seen', models.DateTimeField()),
                ('count', models.PositiveIntegerField(default=0)),
                ('last_raw', models.BinaryField()),
                ('last_text', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('account', 'address'), name='one_row_per_unknown_account')],
            },
        ),
        migrations.CreateModel(
            name='AlarmNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(default='note', max_length=20)),
                ('text', models.TextField(blank=True)),
                ('data', models.JSONField(default=dict)),
                ('alarm', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='alarms.alarm')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['at', 'pk'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ResponseStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField()),
                ('text_kk', models.CharField(max_length=200)),
                ('text_ru', models.CharField(max_length=200)),
                ('text_en', models.CharField(max_length=200)),
                ('act', models.CharField(blank=True, help_text="call_contact, call_police, warn_building, warn_area: what the step's button does", max_length=20)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='alarms.responseplan')),
            ],
            options={
                'ordering': ['order'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Signal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('received_at', models.DateTimeField(db_index=True)),
                ('account', models.CharField(db_index=True, max_length=16)),
                ('token', models.CharField(max_length=10)),
                ('sequence', models.CharField(max_length=4)),
                ('stamp', models.DateTimeField(help_text="the panel's own time stamp", null=True)),
                ('code', models.CharField(blank=True, max_length=8)),
                ('system', models.CharField(blank=True, max_length=3)),
                ('qualifier', models.CharField(blank=True, max_length=8)),
                ('kind', models.CharField(blank=True, max_length=16)),
                ('zone', models.CharField(blank=True, max_length=10)),
                ('text', models.CharField(blank=True, max_length=300)),
                ('encrypted', models.BooleanField(default=False)),
                ('raw', models.BinaryField()),
                ('address', models.CharField(blank=True, max_length=64)),
                ('transport', models.CharField(default='tcp', max_length=3)),
                ('duplicate_key', models.CharField(db_index=True, max_length=120)),
                ('copies', models.PositiveIntegerField(default=0, help_text='how many duplicates came after it')),
                ('answer', models.CharField(blank=True, help_text='ACK, NAK or DUH; empty: none was given', max_length=3)),
                ('answered_at', models.DateTimeField(help_text='when the answer was handed to the network', null=True)),
                ('problem', models.CharField(blank=True, choices=[('crc', 'wrong check sum'), ('no_key', 'encrypted, but the panel has no key here'), ('wrong_key', 'the key does not open it'), ('time', 'the time stamp is not of now'), ('unreadable', 'the content cannot be read'), ('token', 'a kind of message that is not known'), ('plain', 'not encrypted, although the panel has a key')], max_length=12)),
                ('alarm', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='signals', to='alarms.alarm')),
                ('panel', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='signals', to='alarms.panel')),
            ],
            options={
                'default_permissions': (),
                'indexes': [models.Index(fields=['panel', '-received_at'], name='alarms_sign_panel_i_0e2a7a_idx')],
            },
        ),
        migrations.CreateModel(
            name='Zone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=10, verbose_name='number')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('place', models.CharField(blank=True, max_length=160, verbose_name='place in the building')),
                ('panel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='zones', to='alarms.panel')),
            ],
            options={
                'ordering': ['number'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('panel', 'number'), name='one_zone_per_number')],
            },
        ),
        migrations.CreateModel(
            name='AlarmStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('done_at', models.DateTimeField()),
                ('alarm', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='alarms.alarm')),
                ('done_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('step', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='alarms.responsestep')),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('alarm', 'step'), name='a_step_is_done_once')],
            },
        ),
    ]

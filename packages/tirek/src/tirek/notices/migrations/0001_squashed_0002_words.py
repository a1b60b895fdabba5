import django.db.models.deletion
import django.utils.timezone
import django_fsm
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('notices', '0001_initial'), ('notices', '0002_words')]

    initial = True

    dependencies = [
        ('facilities', '0003_register'),
        ('files', '0001_initial'),
        ('inspections', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(blank=True, help_text='given when it is issued', max_length=40, verbose_name='number')),
                ('year', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('sequence', models.PositiveIntegerField(blank=True, null=True)),
                ('state', django_fsm.FSMField(choices=[('draft', 'draft'), ('issued', 'issued, not served'), ('served', 'served'), ('answered', 'answered, to be verified'), ('closed', 'closed'), ('withdrawn', 'withdrawn')], default='draft', max_length=10, protected=True, verbose_name='state')),
                ('due_on', models.DateField(db_index=True, help_text='the nearest term of what is not put right yet', verbose_name='term')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('issued_at', models.DateTimeField(blank=True, db_index=True, null=True)),
                ('served_method', models.CharField(blank=True, choices=[('portal', 'in Tirek'), ('mail', 'by post'), ('hand', 'by hand')], max_length=6, verbose_name='how it is served')),
                ('served_to', models.CharField(blank=True, max_length=160, verbose_name='person served')),
                ('served_position', models.CharField(blank=True, max_length=160, verbose_name='position')),
                ('served_at', models.DateTimeField(blank=True, null=True)),
                ('read_at', models.DateTimeField(blank=True, help_text="when the facility's contact first opened it here", null=True)),
                ('content_sha256', models.CharField(blank=True, help_text='of what was issued; stands on the paper', max_length=64)),
                ('escalated_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, db_index=True, null=True)),
                ('withdrawn_why', models.TextField(blank=True)),
                ('is_sample', models.BooleanField(default=False)),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='closed_notices', to='inspections.inspection')),
                ('facility', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='facilities.facility', verbose_name='facility')),
                ('inspection', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='inspections.inspection', verbose_name='inspection')),
                ('issued_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                ('pdf', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('served_contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='facilities.contact')),
                ('served_proof', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('content', models.JSONField(default=dict, help_text='the words as they were issued; the paper is set from them')),
                ('intro_kk', models.TextField(blank=True, verbose_name='opening words in Kazakh')),
                ('intro_ru', models.TextField(blank=True, verbose_name='opening words in Russian')),
            ],
            options={
                'verbose_name': 'notice',
                'ordering': ['-issued_at', '-pk'],
                'default_permissions': (),
                'indexes': [models.Index(fields=['facility', 'state'], name='notices_not_facilit_a6f74d_idx'), models.Index(fields=['state', 'due_on'], name='notices_not_state_cc4ec1_idx')],
                'constraints': [models.UniqueConstraint(fields=('year', 'sequence'), name='one_notice_per_number'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_by__isnull', False), _connector='OR'), name='closed_only_by_a_re_inspection')],
            },
        ),
        migrations.CreateModel(
            name='Line',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(default=1)),
                ('demand_kk', models.TextField(blank=True, verbose_name='demand in Kazakh')),
                ('demand_ru', models.TextField(blank=True, verbose_name='demand in Russian')),
                ('due_on', models.DateField(verbose_name='term')),
                ('finding', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='line', to='inspections.finding')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='notices.notice')),
            ],
            options={
                'ordering': ['number'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Extension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('until', models.DateField(verbose_name='until')),
                ('reason', models.TextField(verbose_name='reason')),
                ('granted', models.BooleanField(null=True)),
                ('granted_until', models.DateField(blank=True, null=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decision', models.TextField(blank=True, verbose_name='why')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='extensions', to='notices.notice')),
            ],
            options={
                'ordering': ['asked_at', 'pk'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(condition=models.Q(('granted', None)), fields=('notice',), name='one_open_wish_per_notice'), models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='nobody_grants_an_own_wish')],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('served', 'a notice for your facility'), ('before', 'the term comes near'), ('on_day', 'the term is today'), ('overdue', 'the term is over'), ('escalated', 'overdue, told to the chief and the agency in charge')], max_length=10)),
                ('for_due', models.DateField(help_text='the term it spoke of; a new term starts a new row of reminders')),
                ('days', models.SmallIntegerField(help_text='days to the term when it went; negative after it')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('channel', models.CharField(default='inbox', help_text='inbox, mail', max_length=10)),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='notices.notice')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-at', '-pk'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('notice', 'kind', 'for_due', 'days', 'person', 'channel'), name='no_reminder_twice')],
            },
        ),
        migrations.CreateModel(
            name='Reply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('text', models.TextField(verbose_name='answer')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('files', models.ManyToManyField(blank=True, related_name='+', to='files.storedfile')),
                ('line', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='replies', to='notices.line')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='replies', to='notices.notice')),
            ],
            options={
                'ordering': ['at', 'pk'],
                'default_permissions': (),
            },
        ),
    ]

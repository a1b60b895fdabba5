import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('passports', '0001_initial'), ('passports', '0002_work')]

    initial = True

    dependencies = [
        ('facilities', '0003_register'),
        ('facilities', '0004_words_and_opinions'),
        ('files', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Passport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField(verbose_name='version')),
                ('state', models.CharField(choices=[('draft', 'draft'), ('approved', 'approved, to be agreed'), ('agreed', 'in force'), ('replaced', 'replaced')], default='draft', max_length=8, verbose_name='state')),
                ('facts', models.JSONField(help_text='the six parts as plain data')),
                ('sha256', models.CharField(help_text='of the canonical JSON of the facts', max_length=64)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('approved_sha256', models.CharField(blank=True, max_length=64)),
                ('agreed_at', models.DateTimeField(blank=True, null=True)),
                ('agreed_sha256', models.CharField(blank=True, max_length=64)),
                ('stale_since', models.DateTimeField(blank=True, help_text='when a fact was first seen to differ', null=True)),
                ('is_sample', models.BooleanField(default=False)),
                ('agreed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('facility', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='passports', to='facilities.facility', verbose_name='facility')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('plans', models.ManyToManyField(blank=True, help_text='the files that the facts name', related_name='passports', to='files.storedfile')),
                ('refused_at', models.DateTimeField(blank=True, null=True)),
                ('refused_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('refused_why', models.TextField(blank=True, verbose_name='why it is not agreed')),
            ],
            options={
                'verbose_name': 'passport',
                'ordering': ['facility', '-version'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('facility', 'version'), name='one_passport_per_version'), models.UniqueConstraint(condition=models.Q(('state', 'agreed')), fields=('facility',), name='one_passport_in_force_per_facility'), models.CheckConstraint(condition=models.Q(('approved_by', None), ('approved_sha256', models.F('sha256')), _connector='OR'), name='approved_what_stands_there'), models.CheckConstraint(condition=models.Q(('agreed_by', None), ('agreed_sha256', models.F('sha256')), _connector='OR'), name='agreed_what_stands_there'), models.CheckConstraint(condition=models.Q(('agreed_by', None), models.Q(('agreed_by', models.F('approved_by')), _negated=True), _connector='OR'), name='agreed_by_another_than_approved'), models.UniqueConstraint(condition=models.Q(('state__in', ['draft', 'approved'])), fields=('facility',), name='one_passport_in_work_per_facility'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), ('approved_by__isnull', False), _connector='OR'), name='approved_by_a_person'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['agreed', 'replaced']), _negated=True), models.Q(('agreed_at__isnull', False), ('agreed_by__isnull', False), ('approved_by__isnull', False)), _connector='OR'), name='in_force_only_approved_and_agreed')],
            },
        ),
    ]

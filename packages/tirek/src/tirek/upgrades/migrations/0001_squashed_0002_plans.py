import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('upgrades', '0001_initial'), ('upgrades', '0002_plans')]

    initial = True

    dependencies = [
        ('facilities', '0003_register'),
        ('jobs', '0001_initial'),
        ('places', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Measure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_kk', models.CharField(blank=True, max_length=200, verbose_name='name in Kazakh')),
                ('name_ru', models.CharField(blank=True, max_length=200, verbose_name='name in Russian')),
                ('name_en', models.CharField(blank=True, max_length=200, verbose_name='name in English')),
                ('code', models.CharField(max_length=60, unique=True, verbose_name='code')),
                ('price', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='price, tenge')),
                ('unit', models.CharField(choices=[('piece', 'piece'), ('set', 'set'), ('m', 'm'), ('m2', 'm²'), ('year', 'year'), ('work', 'job')], default='piece', max_length=8, verbose_name='unit')),
                ('per', models.CharField(choices=[('facility', 'one a facility'), ('building', 'one a building'), ('entrance', 'one an entrance'), ('perimeter_m', 'by metres of perimeter'), ('area_m2', 'by square metres of floor')], default='facility', max_length=12, verbose_name='how many are needed')),
                ('keys', models.JSONField(default=list, help_text='keys of the requirements that it meets')),
                ('equipment', models.CharField(blank=True, help_text='code of the kind of equipment that it installs', max_length=30)),
                ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                ('is_sample', models.BooleanField(default=False)),
                ('every', models.PositiveIntegerField(default=1, help_text='40: one for every 40 metres, entrances, ...', verbose_name='one for how many of them')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='where the price is from')),
            ],
            options={
                'verbose_name': 'measure',
                'ordering': ['code'],
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('price__gte', 0)), name='price_not_below_nothing'), models.CheckConstraint(condition=models.Q(('every__gte', 1)), name='one_for_at_least_one')],
            },
        ),
        migrations.CreateModel(
            name='Scenario',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_kk', models.CharField(blank=True, max_length=200, verbose_name='name in Kazakh')),
                ('name_ru', models.CharField(blank=True, max_length=200, verbose_name='name in Russian')),
                ('name_en', models.CharField(blank=True, max_length=200, verbose_name='name in English')),
                ('code', models.CharField(max_length=60, unique=True, verbose_name='code')),
                ('points', models.JSONField(default=dict, help_text='{"entrances": weight, ...}')),
                ('types', models.JSONField(default=list, help_text='codes of facility types it concerns; empty: all')),
                ('is_sample', models.BooleanField(default=False)),
            ],
            options={
                'verbose_name': 'scenario',
                'ordering': ['code'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Consequence',
            fields=[
                ('facility', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='consequence', serialize=False, to='facilities.facility')),
                ('importance', models.PositiveSmallIntegerField(default=2, verbose_name='importance of the service')),
                ('dependence', models.PositiveSmallIntegerField(default=2, verbose_name='others that depend on it')),
                ('people', models.PositiveSmallIntegerField(blank=True, help_text='empty: from the register', null=True, verbose_name='people present')),
                ('size', models.PositiveSmallIntegerField(blank=True, help_text='empty: from the register', null=True, verbose_name='size')),
                ('adjustment', models.SmallIntegerField(default=0, verbose_name='adjustment')),
                ('adjustment_why', models.CharField(blank=True, max_length=300, verbose_name='why')),
                ('basis', models.CharField(blank=True, max_length=400, verbose_name='where the points come from')),
                ('judged_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('judged_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'consequence',
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('adjustment__range', (-1, 1))), name='adjusted_by_one_at_most'), models.CheckConstraint(condition=models.Q(('adjustment', 0), models.Q(('adjustment_why', ''), _negated=True), _connector='OR'), name='adjusted_with_a_reason'), models.CheckConstraint(condition=models.Q(('dependence__range', (1, 4)), ('importance__range', (1, 4)), models.Q(('people', None), ('people__range', (1, 4)), _connector='OR'), models.Q(('size', None), ('size__range', (1, 4)), _connector='OR')), name='factors_of_one_to_four_points')],
            },
        ),
        migrations.CreateModel(
            name='KeptWhatIf',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('measures', models.JSONField(help_text='as in PlanLine')),
                ('cost', models.DecimalField(decimal_places=2, max_digits=16)),
                ('gap_before', models.JSONField(help_text='[low, high], shares')),
                ('gap_after', models.JSONField(help_text='[low, high], shares')),
                ('mandatory_before', models.PositiveSmallIntegerField()),
                ('mandatory_after', models.PositiveSmallIntegerField()),
                ('note', models.CharField(max_length=300, verbose_name='note')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('is_sample', models.BooleanField(default=False)),
                ('facility', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='what_ifs', to='facilities.facility')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'kept what-if',
                'ordering': ['-made_at', '-pk'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='UpgradePlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=160, verbose_name='name')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('state', models.CharField(choices=[('draft', 'not computed'), ('computed', 'computed'), ('adopted', 'adopted')], default='draft', max_length=8, verbose_name='state')),
                ('budget', models.DecimalField(decimal_places=2, max_digits=16, verbose_name='budget, tenge')),
                ('mandatory_first', models.BooleanField(default=True, verbose_name='mandatory requirements first')),
                ('least_per_district', models.PositiveSmallIntegerField(default=0, verbose_name='facilities a district at least')),
                ('tier_weights', models.JSONField(default=list, help_text='what a point of gap is worth in tiers 1 to 4')),
                ('result', models.JSONField(default=dict, help_text='gain, cost, bound, gap, frontier, what went wrong (upgrades.outcome)')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('computed_at', models.DateTimeField(blank=True, null=True)),
                ('adopted_at', models.DateTimeField(blank=True, null=True)),
                ('is_sample', models.BooleanField(default=False)),
                ('adopted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.area', verbose_name='area')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('scenario', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='upgrades.scenario', verbose_name='scenario')),
                ('choices', models.JSONField(default=dict, help_text='{"facility id": "in" or "out"}, set by a person before computing')),
                ('job', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='jobs.job')),
            ],
            options={
                'verbose_name': 'upgrade plan',
                'ordering': ['-year', '-pk'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='PlanLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('measures', models.JSONField(help_text='[{"code", "name": {"kk", "ru", "en"}, "quantity", "unit", "price", "cost", "keys"}, ...] as they were that day')),
                ('cost', models.DecimalField(decimal_places=2, max_digits=16)),
                ('gain', models.FloatField(help_text='points of gap closed, weighted by the tier')),
                ('gap_before', models.FloatField()),
                ('gap_after', models.FloatField()),
                ('mandatory', models.BooleanField(default=False, help_text='meets mandatory requirements that were not met')),
                ('choice', models.CharField(blank=True, help_text='in: put in by a person before computing', max_length=6)),
                ('facility', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='facilities.facility')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='upgrades.upgradeplan')),
                ('package', models.CharField(choices=[('mandatory', 'mandatory only'), ('weakest', 'weakest point'), ('value', 'most for the money'), ('half', 'halfway'), ('full', 'everything')], default='full', max_length=10, verbose_name='package')),
                ('stays', models.FloatField(help_text='share of plans under other weights that it is in too', null=True)),
                ('tier', models.PositiveSmallIntegerField(default=1, help_text='as it was that day', verbose_name='tier')),
                ('unmet_after', models.PositiveSmallIntegerField(default=0)),
                ('unmet_before', models.PositiveSmallIntegerField(default=0, help_text='mandatory requirements that were not met')),
            ],
            options={
                'ordering': ['-gain', 'pk'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('plan', 'facility'), name='one_line_per_facility')],
            },
        ),
    ]

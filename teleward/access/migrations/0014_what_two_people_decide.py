"""What two people decide about a record or an account, and since when an address stands in an entry."""

import django.db.models.deletion
import teleward.kernel.clock
import teleward.kernel.ids
from django.db import migrations, models

from teleward.kernel.rights import fenced, keys


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0013_policies_and_codes'),
    ]

    operations = [
        migrations.CreateModel(
            name='AccountRequestKey',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('patient_id', models.UUIDField()),
                ('asked_by_id', models.UUIDField(null=True)),
                ('asked_at', models.DateTimeField()),
                ('needs_second', models.BooleanField()),
                ('seconded_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'access_accountrequest_key',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='LooseningKey',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('patient_id', models.UUIDField()),
                ('asked_by_id', models.UUIDField()),
                ('asked_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'access_loosening_key',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='ContactChange',
            fields=[
                ('id', models.UUIDField(default=teleward.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(default=teleward.kernel.clock.now)),
                ('before', models.BinaryField(default=bytes)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.person')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contact_changes', to='access.patient')),
            ],
        ),
        migrations.CreateModel(
            name='AccountRequest',
            fields=[
                ('id', models.UUIDField(default=teleward.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('by_mail', models.BooleanField()),
                ('asked_at', models.DateTimeField(default=teleward.kernel.clock.now)),
                ('needs_second', models.BooleanField()),
                ('seconded_at', models.DateTimeField(null=True)),
                ('identity', models.CharField(blank=True, max_length=12)),
                ('ended_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.person')),
                ('invitation', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='account_request', to='access.staffinvitation')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='account_requests', to='access.patient')),
                ('seconded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None), ('invitation', None)), fields=('patient',), name='one_account_asked_for')],
            },
        ),
        migrations.CreateModel(
            name='Loosening',
            fields=[
                ('id', models.UUIDField(default=teleward.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('tier', models.CharField(max_length=12)),
                ('reason', models.CharField(blank=True, max_length=20)),
                ('asked_at', models.DateTimeField(default=teleward.kernel.clock.now)),
                ('answered_at', models.DateTimeField(null=True)),
                ('agreed', models.BooleanField(null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.person')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.person')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='access.patient')),
                ('restriction', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='loosenings', to='access.restriction')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('answered_at', None)), fields=('restriction',), name='one_loosening_asked_for')],
            },
        ),
        keys('access_accountrequest_key', of='access_accountrequest',
             columns=['id', 'patient_id', 'asked_by_id', 'asked_at', 'needs_second', 'seconded_at', 'ended_at']),
        keys('access_loosening_key', of='access_loosening',
             columns=['id', 'patient_id', 'asked_by_id', 'asked_at', 'answered_at']),
        fenced('access_accountrequest', within='access_patient', by='patient_id'),
        fenced('access_loosening', within='access_patient', by='patient_id'),
    ]

"""The numbers by which others know a patient: sealed, found by a keyed hash, also before a grant."""

import django.db.models.deletion
import teleward.kernel.clock
import teleward.kernel.ids
from django.db import migrations, models

from teleward.kernel.rights import fenced, keys


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0014_what_two_people_decide'),
    ]

    operations = [
        migrations.CreateModel(
            name='PatientIdentifierKey',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('patient_id', models.UUIDField()),
                ('digest', models.BinaryField(max_length=32)),
                ('withdrawn_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'access_patientidentifier_key',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='PatientIdentifier',
            fields=[
                ('id', models.UUIDField(default=teleward.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('system', models.CharField(max_length=200)),
                ('value', models.BinaryField()),
                ('digest', models.BinaryField(max_length=32)),
                ('given_at', models.DateTimeField(default=teleward.kernel.clock.now)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('given_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.person')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.organisation')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='identifiers', to='access.patient')),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('digest', 'patient'), name='one_number_of_a_patient')],
            },
        ),
        keys('access_patientidentifier_key', of='access_patientidentifier',
             columns=['id', 'patient_id', 'digest', 'withdrawn_at']),
        fenced('access_patientidentifier', practice='organisation_id'),
    ]

"""Patients are there only for the practice that a grant has opened; their ids can be looked up before."""

from django.db import migrations, models

from teleward.kernel.rights import fenced, keys


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0008_wrong_codes_count'),
    ]

    operations = [
        migrations.CreateModel(
            name='PatientKey',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('registered_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'access_patient_key',
                'managed': False,
            },
        ),
        keys('access_patient_key', of='access_patient', columns=['id', 'organisation_id', 'person_id', 'registered_at']),
        fenced('access_patient', practice='organisation_id'),
    ]

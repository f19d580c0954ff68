"""What ties people to patients is there only for the practice that a grant has opened.

The gate asks before there is a grant: for it there are views of ids, states and times, without a word or a name.
Whom a proxy's link is for was written in clear; from here on it is sealed with the patient's key.
"""

from django.db import migrations, models

from teleward.kernel.envelope import seal
from teleward.kernel.rights import fenced, keys

OF_PATIENTS = ["kinship", "proxy", "restriction", "typedreason", "brokenglass", "safeguardinghold", "proxyoffer"]
KEYS = {
    'standing': ['id', 'kind', 'source', 'visit', 'organisation_id', 'patient_id', 'staff_id', 'session',
                 'starts_at', 'ends_at', 'ended_at'],
    'kinship': ['id', 'person_id', 'patient_id', 'told_at'],
    'proxy': ['id', 'person_id', 'patient_id', 'may_see_ledger', 'given_at', 'ends_at', 'withdrawn_at'],
    'restriction': ['id', 'patient_id', 'tier', 'set_by_id', 'set_at', 'seconded_at', 'lifted_at'],
    'brokenglass': ['id', 'patient_id', 'person_id', 'session', 'code', 'asked_at', 'opened_at', 'ends_at', 'ended_at'],
    'typedreason': ['id', 'patient_id', 'person_id', 'given_at'],
    'safeguardinghold': ['id', 'patient_id', 'confirmed_at', 'until', 'lifted_at'],
    'proxyoffer': ['id', 'token_hash', 'expires_at', 'taken_at', 'withdrawn_at'],
}


def seal_labels(apps, editor):
    for row in apps.get_model('access', 'ProxyOffer').objects.using(editor.connection.alias):
        row.label = seal(patient=row.patient_id, plaintext=row.whom.encode(), context='access.proxyoffer.label')
        row.save(update_fields=['label'])


def view(name, table, **fields):
    return migrations.CreateModel(
        name=name,
        fields=[('id', models.UUIDField(primary_key=True, serialize=False)), *fields.items()],
        options={'db_table': f'access_{table}_key', 'managed': False},
    )


def moment(**how):
    return models.DateTimeField(**how)


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0010_connected_programs'),
        ('kernel', '0001_initial'),
    ]

    operations = [
        migrations.RenameField('proxyoffer', 'label', 'whom'),
        migrations.AddField('proxyoffer', 'label', models.BinaryField(default=bytes), preserve_default=False),
        migrations.RunPython(seal_labels, migrations.RunPython.noop),
        migrations.RemoveField('proxyoffer', 'whom'),
        view('RestrictionKey', 'restriction', patient_id=models.UUIDField(), tier=models.CharField(max_length=12),
             set_by_id=models.UUIDField(), set_at=moment(), seconded_at=moment(null=True), lifted_at=moment(null=True)),
        view('GlassKey', 'brokenglass', patient_id=models.UUIDField(), person_id=models.UUIDField(),
             session=models.UUIDField(), code=models.CharField(max_length=20), asked_at=moment(),
             opened_at=moment(null=True), ends_at=moment(null=True), ended_at=moment(null=True)),
        view('ReasonKey', 'typedreason', patient_id=models.UUIDField(), person_id=models.UUIDField(), given_at=moment()),
        view('HoldKey', 'safeguardinghold', patient_id=models.UUIDField(), confirmed_at=moment(null=True),
             until=moment(), lifted_at=moment(null=True)),
        view('OfferKey', 'proxyoffer', token_hash=models.BinaryField(max_length=32), expires_at=moment(),
             taken_at=moment(null=True), withdrawn_at=moment(null=True)),
        *(keys(f'access_{table}_key', of=f'access_{table}', columns=columns) for table, columns in KEYS.items()),
        fenced('access_standing', practice='organisation_id'),
        *(fenced(f'access_{name}', within='access_patient', by='patient_id') for name in OF_PATIENTS),
    ]

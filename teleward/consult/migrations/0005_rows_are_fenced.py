"""What happens in visits is there only for the practice that a grant has opened."""

from django.db import migrations, models

from teleward.kernel.rights import fenced, keys

OF_VISITS = ["guest", "cancellation", "choice", "absence", "identitycheck", "consent", "ending", "note", "seat", "company"]
AT_SEATS = ["admission", "turningaway", "leaving", "equipmentcheck", "modeperiod", "pathmeasured", "verification"]


class Migration(migrations.Migration):

    dependencies = [
        ('consult', '0004_visits_kept_closer'),
    ]

    operations = [
        migrations.CreateModel(
            name='GuestKey',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
            ],
            options={
                'db_table': 'consult_guest_key',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='InvitationKey',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('sent_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'consult_invitation_key',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='VisitKey',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('organisation', models.UUIDField()),
                ('patient', models.UUIDField()),
                ('host', models.UUIDField()),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('planned', models.BooleanField()),
                ('state', models.CharField(max_length=16)),
                ('category', models.CharField(max_length=16)),
            ],
            options={
                'db_table': 'consult_visit_key',
                'managed': False,
            },
        ),
        keys('consult_visit_key', of='consult_visit', columns=[
            'id', 'organisation', 'patient', 'host', 'starts_at', 'ends_at', 'planned', 'state', 'category']),
        keys('consult_guest_key', of='consult_guest', columns=['id', 'visit_id']),
        keys('consult_invitation_key', of='consult_invitation', columns=['id', 'guest_id', 'sent_at']),
        fenced('consult_visit', practice='organisation'),
        *(fenced(f'consult_{name}', within='consult_visit', by='visit_id') for name in OF_VISITS),
        *(fenced(f'consult_{name}', within='consult_seat', by='seat_id') for name in AT_SEATS),
        fenced('consult_invitation', within='consult_guest', by='guest_id'),
        fenced('consult_withdrawal', within='consult_consent', by='consent_id'),
        fenced('consult_noteversion', within='consult_note', by='note_id'),
    ]

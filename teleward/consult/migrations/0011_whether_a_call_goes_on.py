"""Before the gate decides it is known whether a call goes on: which seats were heard of last, ids and times."""

from django.db import migrations, models

from teleward.kernel.rights import keys

COLUMNS = ["p.id", "s.visit_id", "s.person", "p.seen_at"]


class Migration(migrations.Migration):

    dependencies = [
        ('consult', '0010_what_was_planned_is_shared'),
    ]

    operations = [
        migrations.CreateModel(
            name='PeriodKey',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('visit_id', models.UUIDField()),
                ('person', models.UUIDField(null=True)),
                ('seen_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'consult_period_key',
                'managed': False,
            },
        ),
        keys("consult_period_key", of="consult_modeperiod p JOIN consult_seat s ON s.id = p.seat_id", columns=COLUMNS),
    ]

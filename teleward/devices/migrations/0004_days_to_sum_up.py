"""Which days have to be summed up can be looked up before a grant opens a practice."""


from django.db import migrations, models

from teleward.kernel.rights import keys


class Migration(migrations.Migration):

    dependencies = [
        ('devices', '0003_limits_alerts_and_days_in_short'),
    ]

    operations = [
        migrations.CreateModel(
            name='DirtyDayKey',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('organisation', models.UUIDField()),
                ('patient', models.UUIDField()),
                ('day', models.DateField()),
                ('marked_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'devices_dirtyday_key',
                'managed': False,
            },
        ),
        keys("devices_dirtyday_key", of="devices_dirtyday", columns=["id", "organisation", "patient", "day", "marked_at"]),
    ]

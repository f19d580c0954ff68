"""Who marked a reading as wrong may take that back, and mark it once more; all of it stays."""

import django.db.models.deletion
from django.db import migrations, models

import teleward.kernel.clock
from teleward.kernel.rights import fenced


class Migration(migrations.Migration):

    dependencies = [('devices', '0007_quiet_hours_say_why')]

    operations = [
        migrations.AddField('disowned', 'turn', models.PositiveSmallIntegerField(default=0)),
        migrations.RemoveConstraint('disowned', 'devices_disowned_once'),
        migrations.AddConstraint(
            'disowned',
            models.UniqueConstraint(fields=('source', 'sequence', 'turn'), name='devices_disowned_once'),
        ),
        migrations.CreateModel(
            name='Reowned',
            fields=[
                ('disowned', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True,
                                                  related_name='back', serialize=False, to='devices.disowned')),
                ('at', models.DateTimeField(default=teleward.kernel.clock.now)),
                ('by', models.UUIDField()),
                ('who', models.CharField(max_length=8)),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('who__in', ('patient', 'proxy', 'device'))),
                                           name='devices_reowned_who'),
                ],
            },
        ),
        fenced('devices_reowned', within='devices_disowned', by='disowned_id'),
    ]

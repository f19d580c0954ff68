"""Readings that somebody says are wrong or of somebody else: they stay, and it is said of them."""

from django.db import migrations, models

import teleward.kernel.clock
import teleward.kernel.ids
from teleward.kernel.rights import fenced


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0019_visits_kept_closer'),
        ('devices', '0005_a_code_is_a_quantity'),
    ]

    operations = [
        migrations.CreateModel(
            name='Disowned',
            fields=[
                ('id', models.UUIDField(default=teleward.kernel.ids.new_id, editable=False, primary_key=True,
                                        serialize=False)),
                ('at', models.DateTimeField(default=teleward.kernel.clock.now)),
                ('by', models.UUIDField()),
                ('who', models.CharField(max_length=8)),
                ('organisation', models.UUIDField()),
                ('patient', models.UUIDField()),
                ('source', models.UUIDField()),
                ('sequence', models.BigIntegerField(default=0)),
                ('why', models.CharField(max_length=12)),
            ],
            options={
                'indexes': [models.Index(fields=['patient', 'at'], name='devices_disowned_of')],
                'constraints': [
                    models.UniqueConstraint(fields=('source', 'sequence'), name='devices_disowned_once'),
                    models.CheckConstraint(condition=models.Q(('who__in', ('patient', 'proxy', 'device'))),
                                           name='devices_disowned_who'),
                    models.CheckConstraint(condition=models.Q(('why__in', ('not-me', 'wrong', 'device'))),
                                           name='devices_disowned_why'),
                ],
            },
        ),
        fenced('devices_disowned', practice='organisation'),
    ]

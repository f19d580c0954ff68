"""The rule about names moves here from the patient's window: every room asks it. Its table follows in trust."""

import django.db.models.deletion
from django.db import migrations, models

import teleward.kernel.clock
import teleward.kernel.ids


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0011_evidence_is_fenced'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[
            migrations.CreateModel(
                name='NamingRule',
                fields=[
                    ('id', models.UUIDField(default=teleward.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('shows', models.CharField(max_length=8)),
                    ('at', models.DateTimeField(default=teleward.kernel.clock.now)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.person')),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.organisation')),
                ],
                options={
                    'indexes': [models.Index(fields=['organisation', '-at'], name='newest_naming_rule')],
                },
            ),
        ]),
    ]

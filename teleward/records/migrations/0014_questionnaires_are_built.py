"""Questionnaires that are being built."""

import teleward.kernel.clock
from django.db import migrations, models

from teleward.kernel.rights import fenced


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0013_whose_numbers_a_sender_brings'),
    ]

    operations = [
        migrations.CreateModel(
            name='QuestionnaireDraft',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('organisation', models.UUIDField(db_index=True)),
                ('based_on', models.PositiveIntegerField(default=0)),
                ('step', models.PositiveIntegerField(default=0)),
                ('body', models.BinaryField(default=b'')),
                ('before', models.BinaryField(default=b'')),
                ('at', models.DateTimeField(default=teleward.kernel.clock.now)),
                ('by', models.UUIDField(null=True)),
            ],
        ),
        fenced("records_questionnairedraft", practice="organisation"),
    ]

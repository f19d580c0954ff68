"""Two files that are one person's, or may be: said by somebody, proposed by a comparison."""

import django.db.models.deletion
import teleward.kernel.clock
import teleward.kernel.ids
from django.db import migrations, models

from teleward.kernel.rights import fenced, keys


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0015_numbers_of_patients'),
    ]

    operations = [
        migrations.CreateModel(
            name='MergeKey',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('kept_id', models.UUIDField()),
                ('gone_id', models.UUIDField()),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'access_merge_key',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Likeness',
            fields=[
                ('id', models.UUIDField(default=teleward.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=12)),
                ('digest', models.BinaryField(max_length=16)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.organisation')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='likenesses', to='access.patient')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('digest', 'patient'), name='one_likeness_of_a_patient')],
            },
        ),
        migrations.CreateModel(
            name='Merge',
            fields=[
                ('id', models.UUIDField(default=teleward.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('why', models.CharField(max_length=12)),
                ('at', models.DateTimeField(default=teleward.kernel.clock.now)),
                ('ended_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.person')),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.person')),
                ('gone', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='access.patient')),
                ('kept', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='access.patient')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('gone',), name='one_file_is_kept_for_another')],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.UUIDField(default=teleward.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('weight', models.IntegerField()),
                ('reasons', models.CharField(max_length=200)),
                ('at', models.DateTimeField(default=teleward.kernel.clock.now)),
                ('answer', models.CharField(blank=True, max_length=12)),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.person')),
                ('first', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='access.patient')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.organisation')),
                ('second', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='access.patient')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('answered_at', None)), fields=['organisation', '-weight'], name='open_proposals')],
                'constraints': [models.UniqueConstraint(fields=('first', 'second'), name='one_proposal_of_two')],
            },
        ),
        keys('access_merge_key', of='access_merge', columns=['id', 'kept_id', 'gone_id', 'ended_at']),
        fenced('access_merge', practice='organisation_id'),
        fenced('access_likeness', practice='organisation_id'),
        fenced('access_proposal', practice='organisation_id'),
    ]

"""Asking for a name, names or roles, and erasure: what was decided is not changed afterwards."""

import django.db.models.deletion
import teleward.kernel.clock
import teleward.kernel.ids
from django.db import migrations, models

from teleward.kernel.rights import rows_stand


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0003_ends_stand'),
        ('trust', '0002_answers_stand'),
    ]

    operations = [
        migrations.CreateModel(
            name='ErasureRequest',
            fields=[
                ('id', models.UUIDField(default=teleward.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('words', models.BinaryField()),
                ('asked_at', models.DateTimeField(default=teleward.kernel.clock.now)),
            ],
        ),
        migrations.CreateModel(
            name='NamingRule',
            fields=[
                ('id', models.UUIDField(default=teleward.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('shows', models.CharField(max_length=8)),
                ('at', models.DateTimeField(default=teleward.kernel.clock.now)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='objection',
            name='one_objection_per_entry',
        ),
        migrations.AddField(
            model_name='objection',
            name='wish',
            field=models.CharField(default='review', max_length=8),
        ),
        migrations.AddConstraint(
            model_name='objection',
            constraint=models.UniqueConstraint(fields=('patient', 'entry', 'wish'), name='one_wish_per_entry'),
        ),
        migrations.AddField(
            model_name='erasurerequest',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.organisation'),
        ),
        migrations.AddField(
            model_name='erasurerequest',
            name='patient',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='access.patient'),
        ),
        migrations.AddField(
            model_name='namingrule',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.person'),
        ),
        migrations.AddField(
            model_name='namingrule',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.organisation'),
        ),
        migrations.CreateModel(
            name='ErasureAnswer',
            fields=[
                ('request', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='answer', serialize=False, to='trust.erasurerequest')),
                ('erased', models.JSONField(default=list)),
                ('kept', models.JSONField(default=dict)),
                ('words', models.BinaryField()),
                ('at', models.DateTimeField(default=teleward.kernel.clock.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.person')),
            ],
        ),
        migrations.AddIndex(
            model_name='namingrule',
            index=models.Index(fields=['organisation', '-at'], name='newest_naming_rule'),
        ),
        rows_stand('trust_erasureanswer', 'trust_namingrule'),
    ]

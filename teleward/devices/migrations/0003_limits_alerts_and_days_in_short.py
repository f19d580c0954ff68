"""Limits, alerts, and days in short; the server's clock looks up only that there are some, and whose."""


import django.db.models.deletion
import teleward.kernel.clock
import teleward.kernel.ids
from django.db import migrations, models

from teleward.kernel.rights import fenced, keys

WORD = "(SELECT min(n.due_at) FROM devices_alertnotice n WHERE n.alert_id = a.id AND n.done_at IS NULL) AS word_due_at"
ENDED = "devices_threshold t LEFT JOIN devices_thresholdend e ON e.threshold_id = t.id"
OWN = ["alert", "threshold", "dayinshort", "minutespent", "quietchange"]


class Migration(migrations.Migration):

    dependencies = [
        ('devices', '0002_what_comes_from_home'),
    ]

    operations = [
        migrations.CreateModel(
            name='AlertKey',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('organisation', models.UUIDField()),
                ('patient', models.UUIDField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('next_at', models.DateTimeField(null=True)),
                ('word_due_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'devices_alert_key',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='ThresholdKey',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('organisation', models.UUIDField()),
                ('patient', models.UUIDField()),
                ('silent_days', models.PositiveSmallIntegerField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'devices_threshold_key',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.UUIDField(default=teleward.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('organisation', models.UUIDField()),
                ('patient', models.UUIDField()),
                ('code', models.CharField(max_length=20)),
                ('kind', models.CharField(max_length=8)),
                ('urgent', models.BooleanField()),
                ('said', models.BinaryField()),
                ('raised_at', models.DateTimeField(default=teleward.kernel.clock.now)),
                ('closed_at', models.DateTimeField(null=True)),
                ('next_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Threshold',
            fields=[
                ('id', models.UUIDField(default=teleward.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(default=teleward.kernel.clock.now)),
                ('by', models.UUIDField()),
                ('organisation', models.UUIDField()),
                ('patient', models.UUIDField()),
                ('code', models.CharField(max_length=20)),
                ('said', models.BinaryField()),
                ('urgent', models.BooleanField(default=False)),
                ('silent_days', models.PositiveSmallIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='AlertChange',
            fields=[
                ('id', models.UUIDField(default=teleward.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(max_length=16)),
                ('at', models.DateTimeField(default=teleward.kernel.clock.now)),
                ('by', models.UUIDField(null=True)),
                ('why', models.BinaryField(null=True)),
                ('alert', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='devices.alert')),
            ],
        ),
        migrations.CreateModel(
            name='AlertNotice',
            fields=[
                ('id', models.UUIDField(default=teleward.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('person', models.UUIDField()),
                ('due_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('how', models.CharField(blank=True, max_length=8)),
                ('alert', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='devices.alert')),
            ],
        ),
        migrations.CreateModel(
            name='DayInShort',
            fields=[
                ('id', models.UUIDField(default=teleward.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('organisation', models.UUIDField()),
                ('patient', models.UUIDField()),
                ('code', models.CharField(max_length=20)),
                ('day', models.DateField()),
                ('said', models.BinaryField()),
                ('until_at', models.DateTimeField()),
                ('made_at', models.DateTimeField(default=teleward.kernel.clock.now)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('patient', 'code', 'day'), name='devices_one_day_in_short')],
            },
        ),
        migrations.CreateModel(
            name='MinuteSpent',
            fields=[
                ('id', models.UUIDField(default=teleward.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('organisation', models.UUIDField()),
                ('patient', models.UUIDField()),
                ('person', models.UUIDField()),
                ('minute', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['patient', 'minute'], name='devices_minutes_of')],
                'constraints': [models.UniqueConstraint(fields=('person', 'minute'), name='devices_a_minute_once')],
            },
        ),
        migrations.CreateModel(
            name='QuietChange',
            fields=[
                ('id', models.UUIDField(default=teleward.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(default=teleward.kernel.clock.now)),
                ('by', models.UUIDField()),
                ('organisation', models.UUIDField()),
                ('begins', models.TimeField()),
                ('ends', models.TimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', 'at'], name='devices_quiet_at')],
            },
        ),
        migrations.CreateModel(
            name='ThresholdEnd',
            fields=[
                ('threshold', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='end', serialize=False, to='devices.threshold')),
                ('at', models.DateTimeField(default=teleward.kernel.clock.now)),
                ('by', models.UUIDField()),
                ('why', models.BinaryField()),
            ],
        ),
        migrations.AddIndex(
            model_name='threshold',
            index=models.Index(fields=['patient', 'code'], name='devices_thresholds_of'),
        ),
        migrations.AddField(
            model_name='alert',
            name='threshold',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='alerts', to='devices.threshold'),
        ),
        migrations.AddIndex(
            model_name='alertchange',
            index=models.Index(fields=['alert', 'at'], name='devices_alert_changes'),
        ),
        migrations.AddConstraint(
            model_name='alertchange',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['raised', 'escalated', 'acknowledged', 'closed'])), name='devices_alert_state'),
        ),
        migrations.AddIndex(
            model_name='alertnotice',
            index=models.Index(fields=['done_at', 'due_at'], name='devices_notices_due'),
        ),
        migrations.AddConstraint(
            model_name='alertnotice',
            constraint=models.UniqueConstraint(fields=('alert', 'person'), name='devices_one_word_each'),
        ),
        migrations.AddIndex(
            model_name='alert',
            index=models.Index(fields=['organisation', 'closed_at'], name='devices_alerts_open'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('outside', 'silence'))), name='devices_alert_kind'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('patient', 'code', 'kind'), name='devices_one_open_alert'),
        ),
        keys("devices_alert_key", of="devices_alert a", columns=["id", "organisation", "patient", "closed_at", "next_at", WORD]),
        keys(
            "devices_threshold_key",
            of=ENDED,
            columns=["t.id", "t.at", "t.organisation", "t.patient", "t.silent_days", "e.at AS ended_at"],
        ),
        *(fenced(f"devices_{name}", practice="organisation") for name in OWN),
        fenced("devices_alertchange", within="devices_alert", by="alert_id"),
        fenced("devices_alertnotice", within="devices_alert", by="alert_id"),
        fenced("devices_thresholdend", within="devices_threshold", by="threshold_id"),
    ]

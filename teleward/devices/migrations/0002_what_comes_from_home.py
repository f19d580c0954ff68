"""Pairings of devices at home, their keys, and readings in parts by month of receipt, each part fenced."""

import django.db.models.deletion
import teleward.devices.models.intake
import teleward.kernel.clock
import teleward.kernel.ids
from django.conf import settings
from django.db import migrations, models

from teleward.kernel.rights import PRACTICE, Right, fenced, keys

TABLE = """
CREATE TABLE devices_homereading (
    pairing uuid NOT NULL,
    sequence bigint NOT NULL,
    received_at timestamptz NOT NULL,
    organisation uuid NOT NULL,
    patient uuid NOT NULL,
    kind varchar(40) NOT NULL,
    at timestamptz NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (pairing, sequence, received_at)
) PARTITION BY RANGE (received_at);
CREATE INDEX devices_home_at ON devices_homereading (patient, kind, at);
"""

# A part is made beside the table and then attached, which does not keep readers and writers waiting. The
# application changes nothing in a part itself: it goes through the table. Both are fenced.
MONTH = """
CREATE FUNCTION devices_month(day date) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    first timestamptz := date_trunc('month', day::timestamp) AT TIME ZONE 'UTC';
    next timestamptz := (date_trunc('month', day::timestamp) + interval '1 month') AT TIME ZONE 'UTC';
    part text := 'devices_homereading_' || to_char(day, 'YYYY_MM');
BEGIN
    IF day NOT BETWEEN '2020-01-01' AND '2199-12-31' THEN
        RAISE EXCEPTION 'there are no readings of that month';
    END IF;
    IF to_regclass('public.' || part) IS NOT NULL THEN
        RETURN part;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('devices_month', 0));
    IF to_regclass('public.' || part) IS NULL THEN
        EXECUTE format('CREATE TABLE public.%I (LIKE public.devices_homereading INCLUDING ALL)', part);
        EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', part);
        EXECUTE format('CREATE POLICY practice ON public.%I TO {app} USING (organisation = {practice})', part);
        EXECUTE format('CREATE POLICY owner ON public.%I TO CURRENT_USER USING (true)', part);
        EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON public.%I FROM {app}', part);
        EXECUTE format('ALTER TABLE public.devices_homereading ATTACH PARTITION public.%I'
            ' FOR VALUES FROM (%L) TO (%L)', part, first, next);
    END IF;
    RETURN part;
END $$;
REVOKE ALL ON FUNCTION devices_month(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION devices_month(date) TO {app};
"""
NOW = "SELECT devices_month((current_date + n * interval '1 month')::date) FROM generate_series(0, 1) AS n"
ALIVE = (
    "devices_devicekey k JOIN devices_pairing p ON p.id = k.pairing_id"
    " WHERE k.ended_at IS NULL AND NOT EXISTS (SELECT FROM devices_pairingend e WHERE e.pairing_id = p.id)"
)
UNCLAIMED = (
    "devices_pairing p WHERE NOT EXISTS (SELECT FROM devices_pairingclaim c WHERE c.pairing_id = p.id)"
    " AND NOT EXISTS (SELECT FROM devices_pairingend e WHERE e.pairing_id = p.id)"
)
STAND = "devices_homereading, devices_batch"


def _app(editor):
    return editor.quote_name(str(settings.DATABASES["default"]["USER"]))


def in_parts(editor):
    editor.execute(TABLE, params=None)


def whole(editor):
    editor.execute("DROP TABLE devices_homereading")


def months(editor):
    editor.execute(MONTH.replace("{app}", _app(editor)).replace("{practice}", PRACTICE.replace("'", "''")), params=None)
    editor.execute(NOW)
    editor.execute(f"REVOKE UPDATE ON {STAND} FROM {_app(editor)}")


def no_months(editor):
    editor.execute("DROP FUNCTION devices_month(date)")
    editor.execute(f"GRANT UPDATE ON {STAND} TO {_app(editor)}")


class Migration(migrations.Migration):

    dependencies = [
        ('devices', '0001_what_is_shown_and_kept'),
    ]

    operations = [
        migrations.CreateModel(
            name='CredentialKey',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('pairing', models.UUIDField()),
                ('organisation', models.UUIDField()),
                ('patient', models.UUIDField()),
                ('thumbprint', models.CharField(max_length=43)),
                ('jwk', models.JSONField()),
            ],
            options={
                'db_table': 'devices_credential_key',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='PairingKey',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('organisation', models.UUIDField()),
                ('patient', models.UUIDField()),
                ('code_hash', models.BinaryField(max_length=32)),
                ('expires_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'devices_pairing_key',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.UUIDField(default=teleward.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('organisation', models.UUIDField()),
                ('patient', models.UUIDField()),
                ('received_at', models.DateTimeField()),
                ('kept', models.PositiveIntegerField()),
                ('refused', models.PositiveIntegerField()),
                ('numbers', teleward.devices.models.intake.Numbers()),
                ('sha256', models.BinaryField(max_length=32)),
                ('skew', models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='DeviceKey',
            fields=[
                ('id', models.UUIDField(default=teleward.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('thumbprint', models.CharField(max_length=43, unique=True)),
                ('jwk', models.JSONField()),
                ('begun_at', models.DateTimeField(default=teleward.kernel.clock.now)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Pairing',
            fields=[
                ('id', models.UUIDField(default=teleward.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('organisation', models.UUIDField()),
                ('patient', models.UUIDField()),
                ('code_hash', models.BinaryField(max_length=32, unique=True)),
                ('expires_at', models.DateTimeField()),
                ('at', models.DateTimeField(default=teleward.kernel.clock.now)),
                ('by', models.UUIDField()),
            ],
        ),
        migrations.CreateModel(
            name='SeenWord',
            fields=[
                ('jti_hash', models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ('expires_at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='DirtyDay',
            fields=[
                ('id', models.UUIDField(default=teleward.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('organisation', models.UUIDField()),
                ('patient', models.UUIDField()),
                ('kind', models.CharField(max_length=40)),
                ('day', models.DateField()),
                ('marked_at', models.DateTimeField(default=teleward.kernel.clock.now)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('patient', 'kind', 'day'), name='devices_dirty_once')],
            },
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[Right(in_parts, whole)],
            state_operations=[
                migrations.CreateModel(
                    name='HomeReading',
                    fields=[
                        ('pk', models.CompositePrimaryKey('pairing', 'sequence', 'received_at', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('pairing', models.UUIDField()),
                        ('sequence', models.BigIntegerField()),
                        ('received_at', models.DateTimeField()),
                        ('organisation', models.UUIDField()),
                        ('patient', models.UUIDField()),
                        ('kind', models.CharField(max_length=40)),
                        ('at', models.DateTimeField()),
                        ('sealed', models.BinaryField()),
                    ],
                    options={
                        'indexes': [models.Index(fields=['patient', 'kind', 'at'], name='devices_home_at')],
                    },
                ),
            ],
        ),
        migrations.CreateModel(
            name='PairingClaim',
            fields=[
                ('pairing', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='claim', serialize=False, to='devices.pairing')),
                ('at', models.DateTimeField(default=teleward.kernel.clock.now)),
                ('called', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='PairingEnd',
            fields=[
                ('pairing', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='end', serialize=False, to='devices.pairing')),
                ('at', models.DateTimeField(default=teleward.kernel.clock.now)),
                ('by', models.UUIDField(null=True)),
                ('why', models.CharField(max_length=8)),
            ],
        ),
        migrations.CreateModel(
            name='Taken',
            fields=[
                ('pairing', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='taken', serialize=False, to='devices.pairing')),
                ('numbers', teleward.devices.models.intake.Numbers(default='{}')),
                ('seen_at', models.DateTimeField(default=teleward.kernel.clock.now)),
                ('battery', models.PositiveSmallIntegerField(null=True)),
            ],
        ),
        migrations.AddIndex(
            model_name='pairing',
            index=models.Index(fields=['patient'], name='devices_pairing_patient'),
        ),
        migrations.AddField(
            model_name='devicekey',
            name='pairing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='keys', to='devices.pairing'),
        ),
        migrations.AddField(
            model_name='batch',
            name='pairing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='batches', to='devices.pairing'),
        ),
        migrations.AddConstraint(
            model_name='pairingend',
            constraint=models.CheckConstraint(condition=models.Q(('why__in', ('stopped', 'lost', 'erased'))), name='devices_pairing_end_why'),
        ),
        migrations.AddConstraint(
            model_name='devicekey',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('pairing',), name='devices_one_key'),
        ),
        migrations.AddIndex(
            model_name='batch',
            index=models.Index(fields=['pairing', '-received_at'], name='devices_batch_of'),
        ),
        fenced("devices_pairing", practice="organisation"),
        *(fenced(f"devices_{name}", within="devices_pairing", by="pairing_id")
          for name in ("pairingclaim", "pairingend", "devicekey", "taken")),
        *(fenced(f"devices_{name}", practice="organisation") for name in ("batch", "dirtyday", "homereading")),
        keys(
            "devices_pairing_key",
            of=UNCLAIMED,
            columns=["p.id", "p.organisation", "p.patient", "p.code_hash", "p.expires_at"],
        ),
        keys(
            "devices_credential_key",
            of=ALIVE,
            columns=["k.id", "p.id AS pairing", "p.organisation", "p.patient", "k.thumbprint", "k.jwk"],
        ),
        Right(months, no_months),
    ]

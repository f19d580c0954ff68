"""The statements of the intake, in PostgreSQL's own placeholders; prepared once per connection."""

from teleward.audit.ledger import TOLD

LOCK = "SELECT numbers::text FROM devices_taken WHERE pairing_id = $1::uuid FOR UPDATE"

# After the lock, so that it sees what was ended or changed meanwhile; the key stays while the batch comes in.
# $1 pairing, $2 its key, $3 word, $4 its end, $5 patient, $6 a day of the month that gets a place
STANDS = """WITH word AS (
    INSERT INTO devices_seenword (jti_hash, expires_at) VALUES ($3::bytea, $4::timestamptz)
    ON CONFLICT DO NOTHING RETURNING 1),
patient AS (SELECT wrapped FROM kernel_patientkey WHERE patient = $5::uuid FOR SHARE)
SELECT EXISTS (SELECT FROM word),
    EXISTS (SELECT FROM devices_credential_key WHERE pairing = $1::uuid AND thumbprint = $2::text),
    (SELECT wrapped FROM patient), devices_month($6::date)"""

NEW_KEY = """INSERT INTO kernel_patientkey AS k (patient, wrapped, made_at) VALUES ($1::uuid, $2::bytea, $3)
ON CONFLICT (patient) DO UPDATE SET patient = k.patient RETURNING wrapped"""

TELL = f"WITH {TOLD} SELECT entries FROM told"  # noqa: S608 - constants

# The entry first. $2 batch, $3 pairing, $4 practice, $5 patient, $6 time, $7 kept, $8 refused, $9 the numbers
# of those kept, $10 SHA-256, $11 skew, $12 all numbers, $13 battery; readings $14 to $17, days $18 and $19
KEEP = f"""WITH {TOLD},
batch AS (
    INSERT INTO devices_batch
        (id, pairing_id, organisation, patient, received_at, kept, refused, numbers, sha256, skew)
    SELECT $2::uuid, $3::uuid, $4::uuid, $5::uuid, $6::timestamptz, $7::int, $8::int,
        $9::text::int8multirange, $10::bytea, $11::int FROM told),
taken AS (
    UPDATE devices_taken SET numbers = $12::text::int8multirange, seen_at = $6,
        battery = coalesce($13::smallint, battery) WHERE pairing_id = $3),
kept AS (
    INSERT INTO devices_homereading (pairing, sequence, received_at, organisation, patient, kind, at, sealed)
    SELECT $3, r.sequence, $6, $4, $5, r.kind, r.at, r.sealed FROM told
    CROSS JOIN unnest($14::int8[], $15::text[], $16::timestamptz[], $17::bytea[])
        AS r(sequence, kind, at, sealed)),
dirty AS (
    INSERT INTO devices_dirtyday (id, organisation, patient, kind, day, marked_at)
    SELECT gen_random_uuid(), $4, $5, d.kind, d.day, $6 FROM told
    CROSS JOIN unnest($18::text[], $19::date[]) AS d(kind, day)
    ON CONFLICT (patient, kind, day) DO UPDATE SET marked_at = excluded.marked_at)
SELECT entries FROM told"""  # noqa: S608 - constants

"""The statements of the chart, in PostgreSQL's own placeholders; prepared once per session.

Each that gives out or changes a body appends the ledger's entries in the same statement: without the entries
it has no rows. `told` comes first in each, so that everybody waits for the chains of patients in one order.
"""

from teleward.audit.ledger import TOLD

# $2: ids of versions, in the order wanted
REVEAL = f"""WITH {TOLD}
SELECT r.type, r.logical_id, r.version, r.organisation, r.patient, r.deed, r.last_updated, r.body, k.wrapped
FROM told CROSS JOIN unnest($2::uuid[]) WITH ORDINALITY AS w(id, place)
JOIN records_resource r ON r.id = w.id
LEFT JOIN kernel_patientkey k ON k.patient = coalesce(r.patient, r.organisation)
ORDER BY w.place"""  # noqa: S608 - constants

# $2 practice, $3 time, $4 versions with their pointers, $5 moments, $6 amounts
KEEP = f"""WITH {TOLD},
version AS (
    SELECT * FROM jsonb_to_recordset($4::jsonb) AS v(id uuid, type text, logical_id uuid, version int,
        patient uuid, body text, deed text, holder uuid, low timestamptz, high timestamptz, keys text)),
kept AS (
    INSERT INTO records_resource
        (id, type, logical_id, version, organisation, patient, body, deed, last_updated)
    SELECT id, type, logical_id, version, $2::uuid, patient, decode(body, 'base64'), deed, $3::timestamptz
    FROM version RETURNING 1),
pointed AS (
    INSERT INTO records_current AS c
        (id, type, logical_id, version, newest, organisation, patient, removed_at, last_updated,
        low, high, keys)
    SELECT holder, type, logical_id, version, id, $2, patient, CASE WHEN body = '' THEN $3 END, $3, low, high,
        keys::bigint[] FROM version
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, newest = excluded.newest,
        removed_at = excluded.removed_at, last_updated = excluded.last_updated, low = excluded.low,
        high = excluded.high, keys = excluded.keys
    RETURNING 1),
clear AS (
    DELETE FROM records_moment WHERE holder IN (SELECT holder FROM version WHERE version > 1) RETURNING 1),
clear_amounts AS (
    DELETE FROM records_amount WHERE holder IN (SELECT holder FROM version WHERE version > 1) RETURNING 1),
moments AS (
    INSERT INTO records_moment (holder, organisation, key, low, high)
    SELECT m.holder, $2, m.key, m.low, m.high
    FROM jsonb_to_recordset($5::jsonb) AS m(holder uuid, key bigint, low timestamptz, high timestamptz)
    RETURNING 1),
amounts AS (
    INSERT INTO records_amount (holder, organisation, key, number, unit)
    SELECT a.holder, $2, a.key, a.number, a.unit
    FROM jsonb_to_recordset($6::jsonb) AS a(holder uuid, key bigint, number float8, unit bigint)
    RETURNING 1)
SELECT entries FROM told"""  # noqa: S608 - constants

# Where a resource stands, and the key that opens it: ids, versions and times, before the gate decides.
STANDING = "c.version, c.newest, c.organisation, c.patient, c.removed_at, c.last_updated"
STANDS = f"SELECT {STANDING} FROM records_current_key c WHERE c.id = $1::uuid"  # noqa: S608 - constants
VERSIONS = """SELECT v.id, v.version, v.organisation, v.patient, v.deed, v.last_updated
FROM records_version_key v WHERE v.type = $1::text AND v.logical_id = $2::uuid ORDER BY v.version DESC"""
PRACTICE_OF = "SELECT organisation_id FROM access_patient_key WHERE id = $1::uuid"
KEY = "SELECT wrapped FROM kernel_patientkey WHERE patient = $1::uuid"
NEW_KEY = """INSERT INTO kernel_patientkey AS k (patient, wrapped, made_at) VALUES ($1::uuid, $2::bytea, $3)
ON CONFLICT (patient) DO UPDATE SET patient = k.patient RETURNING wrapped"""
TELL = f"WITH {TOLD} SELECT entries FROM told"  # noqa: S608 - constants


def with_standing(statement: str, place: int) -> str:
    """The statement, and in its last columns where a resource stands, if anywhere; `$place`: its holder."""
    return f"""SELECT asked.*, {STANDING} FROM ({statement}) asked
        LEFT JOIN records_current_key c ON c.id = ${place}::uuid"""  # noqa: S608 - statements of ours


# Of an erased patient nothing may be found any more; the versions stay, closed for good.
FORGET = """WITH gone AS (SELECT id FROM records_current WHERE patient = $1::uuid),
    moments AS (DELETE FROM records_moment WHERE holder IN (SELECT id FROM gone)),
    amounts AS (DELETE FROM records_amount WHERE holder IN (SELECT id FROM gone))
    UPDATE records_current SET keys = '{}', low = $2, high = $2, removed_at = coalesce(removed_at, $3)
    WHERE patient = $1::uuid"""

"""The statements of bulk exports. What is exported is what stood at the moment the export began."""

BEGIN = """INSERT INTO records_export (id, organisation, client, kinds, since, began_at)
VALUES ($1::uuid, $2::uuid, $3::uuid, $4::text[], $5::timestamptz, $6::timestamptz) RETURNING id"""
FIND = """SELECT e.kinds, e.since, e.began_at, e.given_up_at FROM records_export e
WHERE e.id = $1::uuid AND e.client = $2::uuid"""
GIVE_UP = """UPDATE records_export SET given_up_at = coalesce(given_up_at, $3::timestamptz)
WHERE id = $1::uuid AND client = $2::uuid RETURNING id"""
COUNTED = "SELECT kind, number FROM records_exportcount WHERE export_id = $1::uuid"
COUNT = """INSERT INTO records_exportcount (export_id, kind, number, counted_at)
VALUES ($1::uuid, $2::text, $3::int, $4::timestamptz)
ON CONFLICT (export_id, kind) DO NOTHING RETURNING 1"""
# $1 practice, $2 type, $3 since, $4 until: the version that stood then, unless it says that it was removed;
# of an erased patient none: their key is empty, and nothing opens it any more
STOOD = """FROM records_current c JOIN LATERAL (
    SELECT r.id, r.deed, r.last_updated FROM records_version_key r
    WHERE r.type = c.type AND r.logical_id = c.logical_id AND r.last_updated <= $4::timestamptz
    ORDER BY r.version DESC LIMIT 1) v ON v.deed <> 'DELETE' AND v.last_updated >= $3::timestamptz
WHERE c.organisation = $1::uuid AND c.type = $2::text AND EXISTS (SELECT FROM kernel_patientkey k
    WHERE k.patient = coalesce(c.patient, c.organisation) AND k.wrapped <> ''::bytea)"""
HOW_MANY = f"SELECT count(*) {STOOD}"
# $5: after this id
PIECE = f"""SELECT c.type, c.logical_id, v.id, c.patient, c.organisation {STOOD} AND c.logical_id > $5::uuid
ORDER BY c.logical_id LIMIT $6::int"""

"""Everything that the proofs of some entries need, in one answer: their places, the checkpoint, the tiles."""

from django.conf import settings
from django.db import migrations

PARTS = """
CREATE FUNCTION audit_proof_parts(events uuid[])
RETURNS TABLE (event uuid, seq bigint, size bigint, note text, level smallint, n bigint, data bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    signed record;
    places bigint[];
BEGIN
    SELECT c.size, c.note || c.cosignatures AS note INTO signed
    FROM public.audit_checkpoint c ORDER BY c.size DESC LIMIT 1;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    size := signed.size;
    note := signed.note;
    FOR event, seq IN
        SELECT l.event, l.seq FROM public.audit_leaf l WHERE l.event = ANY (events) AND l.seq < signed.size
    LOOP
        places := places || seq;
        RETURN NEXT;
    END LOOP;
    IF places IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT NULL::uuid, NULL::bigint, NULL::bigint, NULL::text, t.level, t.n, t.data
    FROM (
        SELECT DISTINCT storey, place >> (8 * storey + 8) AS n
        FROM generate_series(0, 6) storey, unnest(places || signed.size) place
        WHERE signed.size >> (8 * storey) > 0
    ) wanted
    JOIN public.audit_tile t ON t.level = wanted.storey AND t.n = wanted.n;
END $$;
REVOKE ALL ON FUNCTION audit_proof_parts(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_proof_parts(uuid[]) TO {app};
"""


def lay(apps, schema_editor):
    app = schema_editor.connection.ops.quote_name(settings.DATABASES["default"]["USER"])
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(PARTS.replace("{app}", app))


class Migration(migrations.Migration):
    dependencies = [("audit", "0006_quicker_append")]
    operations = [migrations.RunPython(lay)]

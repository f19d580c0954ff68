"""The ledger: its tables, the one way in, the two ways to read, and the locks on everything else."""

from django.conf import settings
from django.db import migrations

TABLES = """
CREATE TABLE audit_event (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL,
    patient uuid,
    pn bigint,
    prev_leaf bytea,
    salt bytea CHECK (octet_length(salt) = 16),
    body text,
    leaf bytea NOT NULL CHECK (octet_length(leaf) = 32),
    CONSTRAINT audit_event_counted UNIQUE (patient, pn),
    CONSTRAINT audit_event_chained CHECK ((patient IS NULL) = (pn IS NULL) AND (patient IS NULL) = (prev_leaf IS NULL)),
    CONSTRAINT audit_event_erased_whole CHECK ((salt IS NULL) = (body IS NULL))
);
CREATE INDEX audit_event_at ON audit_event (at);
CREATE TABLE audit_head (
    patient uuid PRIMARY KEY,
    pn bigint NOT NULL,
    leaf bytea NOT NULL
);
"""

APPEND = """
CREATE FUNCTION audit_append(event uuid, happened timestamptz, about uuid, entry text)
RETURNS TABLE (number bigint, commitment bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    head public.audit_head%ROWTYPE;
    new_salt bytea := uuid_send(gen_random_uuid());
    before bytea := decode(repeat('00', 32), 'hex');
    counted bigint := 0;
    new_leaf bytea;
BEGIN
    IF entry IS NULL OR octet_length(entry) > 65536 THEN
        RAISE EXCEPTION 'a ledger entry has between 1 and 65536 bytes';
    END IF;
    IF about IS NOT NULL THEN
        INSERT INTO public.audit_head VALUES (about, 0, before) ON CONFLICT (patient) DO NOTHING;
        SELECT * INTO head FROM public.audit_head WHERE patient = about FOR UPDATE;
        counted := head.pn + 1;
        before := head.leaf;
    END IF;
    new_leaf := sha256('\\x00'::bytea || sha256(new_salt || int8send(counted) || before || convert_to(entry, 'UTF8')));
    IF about IS NULL THEN
        INSERT INTO public.audit_event VALUES (event, happened, NULL, NULL, NULL, new_salt, entry, new_leaf);
    ELSE
        INSERT INTO public.audit_event VALUES (event, happened, about, counted, before, new_salt, entry, new_leaf);
        UPDATE public.audit_head SET pn = counted, leaf = new_leaf WHERE patient = about;
    END IF;
    RETURN QUERY SELECT counted, new_leaf;
END $$;
"""

READ = """
CREATE FUNCTION audit_of_patient(about uuid, before bigint, most integer)
RETURNS TABLE (id uuid, at timestamptz, pn bigint, prev_leaf bytea, salt bytea, body text, leaf bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT e.id, e.at, e.pn, e.prev_leaf, e.salt, e.body, e.leaf FROM public.audit_event e
    WHERE e.patient = about AND (before IS NULL OR e.pn < before)
    ORDER BY e.pn DESC LIMIT least(most, 1000)
$$;
CREATE FUNCTION audit_of_event(about uuid, event uuid)
RETURNS TABLE (id uuid, at timestamptz, pn bigint, prev_leaf bytea, salt bytea, body text, leaf bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT e.id, e.at, e.pn, e.prev_leaf, e.salt, e.body, e.leaf FROM public.audit_event e
    WHERE e.patient = about AND e.id = event
$$;
"""

LOCKS = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only';
END $$;
CREATE TRIGGER audit_event_unchanged BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_event_untruncated BEFORE TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_head_untruncated BEFORE TRUNCATE ON audit_head
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""

RIGHTS = """
REVOKE ALL ON audit_event, audit_head FROM PUBLIC, {app};
REVOKE ALL ON FUNCTION audit_append(uuid, timestamptz, uuid, text) FROM PUBLIC, {app};
REVOKE ALL ON FUNCTION audit_of_patient(uuid, bigint, integer) FROM PUBLIC, {app};
REVOKE ALL ON FUNCTION audit_of_event(uuid, uuid) FROM PUBLIC, {app};
REVOKE ALL ON FUNCTION audit_refuse() FROM PUBLIC, {app};
GRANT EXECUTE ON FUNCTION audit_append(uuid, timestamptz, uuid, text) TO {app};
GRANT EXECUTE ON FUNCTION audit_of_patient(uuid, bigint, integer) TO {app};
GRANT EXECUTE ON FUNCTION audit_of_event(uuid, uuid) TO {app};
"""


def lay(apps, schema_editor):
    app = schema_editor.connection.ops.quote_name(settings.DATABASES["default"]["USER"])
    with schema_editor.connection.cursor() as cursor:
        for part in (TABLES, APPEND, READ, LOCKS, RIGHTS.replace("{app}", app)):
            cursor.execute(part)


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunPython(lay)]

"""The tree over the ledger: its tables, the faster way in, and what the sequencer and the application may do."""

from django.conf import settings
from django.db import migrations

SEQUENCER = "teleward_sequencer"

ORDER = """
ALTER TABLE audit_event ADD COLUMN nr bigint GENERATED ALWAYS AS IDENTITY;
ALTER TABLE audit_event ADD COLUMN tx xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX audit_event_tx ON audit_event (tx);
DROP INDEX audit_event_at;
CREATE INDEX audit_event_at ON audit_event USING brin (at);
ALTER TABLE audit_head ADD COLUMN prev bytea;
ALTER TABLE audit_head SET (fillfactor = 50);
"""

TABLES = """
CREATE TABLE audit_leaf (
    seq bigint PRIMARY KEY CHECK (seq >= 0),
    event uuid NOT NULL UNIQUE
);
CREATE TABLE audit_tile (
    level smallint NOT NULL CHECK (level >= 0),
    n bigint NOT NULL CHECK (n >= 0),
    width smallint NOT NULL CHECK (width BETWEEN 1 AND 256),
    data bytea NOT NULL CHECK (octet_length(data) = 32 * width),
    PRIMARY KEY (level, n)
);
ALTER TABLE audit_tile ALTER COLUMN data SET STORAGE EXTERNAL;
CREATE TABLE audit_checkpoint (
    size bigint PRIMARY KEY CHECK (size > 0),
    note text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    cosignatures text NOT NULL DEFAULT ''
);
CREATE TABLE audit_log_key (
    vkey text PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE audit_daily (
    patient uuid NOT NULL,
    day date NOT NULL,
    pn bigint NOT NULL CHECK (pn > 0),
    leaf bytea NOT NULL CHECK (octet_length(leaf) = 32),
    event uuid NOT NULL UNIQUE,
    PRIMARY KEY (patient, day)
);
"""

# Two statements: one that counts and computes the leaf, one that keeps the entry. Whoever sleeps holds the
# lock 7284, 2 and is woken; a notice with every entry would let one commit wait for the other.
APPEND = """
CREATE OR REPLACE FUNCTION audit_append(event uuid, happened timestamptz, about uuid, entry text)
RETURNS TABLE (number bigint, commitment bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    nothing CONSTANT bytea := '\\x0000000000000000000000000000000000000000000000000000000000000000';
    new_salt bytea := uuid_send(gen_random_uuid());
    words bytea := convert_to(entry, 'UTF8');
    before bytea := nothing;
BEGIN
    IF words IS NULL OR octet_length(words) > 65536 THEN
        RAISE EXCEPTION 'a ledger entry has between 1 and 65536 bytes';
    END IF;
    IF about IS NULL THEN
        number := 0;
        commitment := sha256('\\x00'::bytea || sha256(new_salt || int8send(0) || nothing || words));
        INSERT INTO public.audit_event (id, at, salt, body, leaf)
        VALUES (event, happened, new_salt, entry, commitment);
    ELSE
        INSERT INTO public.audit_head AS head (patient, pn, leaf, prev)
        VALUES (about, 1, sha256('\\x00'::bytea || sha256(new_salt || int8send(1) || nothing || words)), nothing)
        ON CONFLICT (patient) DO UPDATE SET pn = head.pn + 1, prev = head.leaf,
            leaf = sha256('\\x00'::bytea || sha256(new_salt || int8send(head.pn + 1) || head.leaf || words))
        RETURNING head.pn, head.leaf, head.prev INTO number, commitment, before;
        INSERT INTO public.audit_event (id, at, patient, pn, prev_leaf, salt, body, leaf)
        VALUES (event, happened, about, number, before, new_salt, entry, commitment);
    END IF;
    IF NOT pg_try_advisory_xact_lock_shared(7284, 2) THEN
        PERFORM pg_notify('audit_appended', '');
    END IF;
    RETURN NEXT;
END $$;
"""

READ = """
CREATE FUNCTION audit_sequenced(events uuid[])
RETURNS TABLE (event uuid, seq bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT l.event, l.seq FROM public.audit_leaf l WHERE l.event = ANY (events);
END $$;
CREATE FUNCTION audit_tiles(levels smallint[], numbers bigint[])
RETURNS TABLE (level smallint, n bigint, data bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT t.level, t.n, t.data FROM unnest(levels, numbers) w (level, n)
    JOIN public.audit_tile t ON t.level = w.level AND t.n = w.n;
END $$;
CREATE FUNCTION audit_checkpoint_until(most bigint)
RETURNS TABLE (size bigint, note text, at timestamptz, cosignatures text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT c.size, c.note, c.at, c.cosignatures FROM public.audit_checkpoint c
    WHERE most IS NULL OR c.size <= most ORDER BY c.size DESC LIMIT 1;
END $$;
CREATE FUNCTION audit_log_keys()
RETURNS TABLE (vkey text, at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT k.vkey, k.at FROM public.audit_log_key k ORDER BY k.at DESC;
END $$;
CREATE FUNCTION audit_heads_of(about uuid, most integer)
RETURNS TABLE (day date, pn bigint, leaf bytea, event uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT d.day, d.pn, d.leaf, d.event FROM public.audit_daily d
    WHERE d.patient = about ORDER BY d.day DESC LIMIT least(most, 1000);
END $$;
CREATE FUNCTION audit_head_entry(about uuid, head uuid)
RETURNS TABLE (id uuid, at timestamptz, salt bytea, body text, leaf bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT e.id, e.at, e.salt, e.body, e.leaf FROM public.audit_daily d
    JOIN public.audit_event e ON e.id = d.event WHERE d.patient = about AND d.event = head;
END $$;
"""

HEADS = """
CREATE FUNCTION audit_keep_heads(today date)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    due record;
    event uuid;
    kept bigint := 0;
    moment text;
BEGIN
    FOR due IN
        SELECT h.patient, h.pn, h.leaf FROM public.audit_head h
        WHERE NOT EXISTS (SELECT FROM public.audit_daily d
            WHERE d.patient = h.patient AND (d.pn >= h.pn OR d.day >= today))
    LOOP
        event := gen_random_uuid();
        moment := to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00:00';
        PERFORM public.audit_append(event, moment::timestamptz, NULL, format(
            '{"action":"audit:head:keep","actor_id":null,"actor_kind":"System","actor_organisation":null,'
            '"actor_role":"","at":"%s","client_address":"","detail":{"day":"%s","leaf":"%s","number":%s},'
            '"kind":"ledger","outcome":"done","patient":null,"policy":"","policy_set":"","purpose":"HSYSADMIN",'
            '"request_id":"","subject_id":"%s","subject_kind":"Patient","v":1,"via":"job","visit":null}',
            moment, today, encode(due.leaf, 'hex'), due.pn, due.patient));
        INSERT INTO public.audit_daily VALUES (due.patient, today, due.pn, due.leaf, event);
        kept := kept + 1;
    END LOOP;
    RETURN kept;
END $$;
"""

ERASE = """
CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only';
END $$;
CREATE FUNCTION audit_only_erase() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.patient::text IS DISTINCT FROM nullif(current_setting('audit.erasing', true), '')
        OR OLD.patient IS NULL OR NEW.salt IS NOT NULL OR NEW.body IS NOT NULL
        OR (NEW.id, NEW.at, NEW.patient, NEW.pn, NEW.prev_leaf, NEW.leaf, NEW.nr, NEW.tx)
            IS DISTINCT FROM (OLD.id, OLD.at, OLD.patient, OLD.pn, OLD.prev_leaf, OLD.leaf, OLD.nr, OLD.tx)
    THEN
        RAISE EXCEPTION 'the ledger is append-only';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER audit_event_unchanged ON audit_event;
CREATE TRIGGER audit_event_unchanged BEFORE UPDATE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_only_erase();
CREATE TRIGGER audit_event_undeleted BEFORE DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE FUNCTION audit_erase(about uuid)
RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    emptied bigint;
BEGIN
    PERFORM set_config('audit.erasing', about::text, true);
    UPDATE public.audit_event SET salt = NULL, body = NULL WHERE patient = about AND body IS NOT NULL;
    GET DIAGNOSTICS emptied = ROW_COUNT;
    PERFORM set_config('audit.erasing', '', true);
    RETURN emptied;
END $$;
"""

LOCKS = """
CREATE FUNCTION audit_tile_grows() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (NEW.level, NEW.n) IS DISTINCT FROM (OLD.level, OLD.n) OR NEW.width <= OLD.width
        OR substr(NEW.data, 1, octet_length(OLD.data)) <> OLD.data
    THEN
        RAISE EXCEPTION 'a tile only grows';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION audit_checkpoint_cosigned() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (NEW.size, NEW.note, NEW.at) IS DISTINCT FROM (OLD.size, OLD.note, OLD.at)
        OR NOT starts_with(NEW.cosignatures, OLD.cosignatures)
    THEN
        RAISE EXCEPTION 'a checkpoint only gains cosignatures';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_tile_grows BEFORE UPDATE ON audit_tile
    FOR EACH ROW EXECUTE FUNCTION audit_tile_grows();
CREATE TRIGGER audit_checkpoint_cosigned BEFORE UPDATE ON audit_checkpoint
    FOR EACH ROW EXECUTE FUNCTION audit_checkpoint_cosigned();
CREATE TRIGGER audit_leaf_unchanged BEFORE UPDATE ON audit_leaf
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_daily_unchanged BEFORE UPDATE ON audit_daily
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_log_key_unchanged BEFORE UPDATE ON audit_log_key
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
"""
KEPT = ("audit_leaf", "audit_tile", "audit_checkpoint", "audit_daily", "audit_log_key")
UNDELETED = """
CREATE TRIGGER {table}_undeleted BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER {table}_untruncated BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
REVOKE ALL ON {table} FROM PUBLIC, {app};
"""

RIGHTS = """
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {sequencer};
REVOKE ALL ON SEQUENCE audit_event_nr_seq FROM PUBLIC, {app};
REVOKE ALL ON FUNCTION audit_only_erase(), audit_tile_grows(), audit_checkpoint_cosigned(), audit_refuse(),
    audit_erase(uuid), audit_keep_heads(date), audit_sequenced(uuid[]), audit_tiles(smallint[], bigint[]),
    audit_checkpoint_until(bigint), audit_log_keys(), audit_heads_of(uuid, integer), audit_head_entry(uuid, uuid)
    FROM PUBLIC, {app};
GRANT EXECUTE ON FUNCTION audit_sequenced(uuid[]), audit_tiles(smallint[], bigint[]),
    audit_checkpoint_until(bigint), audit_log_keys(), audit_heads_of(uuid, integer), audit_head_entry(uuid, uuid)
    TO {app};
GRANT SELECT (id, nr, tx, leaf) ON audit_event TO {sequencer};
GRANT SELECT, INSERT ON audit_leaf, audit_tile, audit_checkpoint, audit_log_key TO {sequencer};
GRANT UPDATE (width, data) ON audit_tile TO {sequencer};
GRANT UPDATE (cosignatures) ON audit_checkpoint TO {sequencer};
GRANT EXECUTE ON FUNCTION audit_keep_heads(date) TO {sequencer};
"""


def lay(apps, schema_editor):
    quote = schema_editor.connection.ops.quote_name
    app = quote(settings.DATABASES["default"]["USER"])
    with schema_editor.connection.cursor() as cursor:
        _refuse_without_role(cursor)
        for part in (ORDER, TABLES, APPEND, READ, HEADS, ERASE, LOCKS):
            cursor.execute(part)
        for table in KEPT:
            cursor.execute(UNDELETED.replace("{table}", table).replace("{app}", app))
        cursor.execute(RIGHTS.replace("{app}", app).replace("{sequencer}", SEQUENCER))


def _refuse_without_role(cursor):
    cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [SEQUENCER])
    if cursor.fetchone() is None:
        raise RuntimeError(
            f"The role of the sequencer is missing. As an administrator of the database: "
            f"CREATE ROLE {SEQUENCER} LOGIN PASSWORD '…' NOINHERIT; (docs/how-to/external-database.md)"
        )


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_ledger")]
    operations = [migrations.RunPython(lay)]

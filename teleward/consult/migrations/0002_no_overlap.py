"""One planned visit at a time per clinician, held by the database where it has btree_gist."""

from django.db import migrations

HOLD = """
DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'btree_gist') THEN
        BEGIN
            CREATE EXTENSION IF NOT EXISTS btree_gist;
        EXCEPTION WHEN insufficient_privilege THEN
            RAISE NOTICE 'btree_gist may not be created here: overlaps are refused by the lock alone';
        END;
    END IF;
    IF EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'btree_gist') THEN
        ALTER TABLE consult_visit ADD CONSTRAINT consult_visit_no_overlap EXCLUDE USING gist
            (host WITH =, tstzrange(starts_at, ends_at) WITH &&)
            WHERE (planned AND state IN ('booked', 'invited', 'waiting', 'in-call'));
    END IF;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("consult", "0001_initial")]
    operations = [
        migrations.RunSQL(HOLD, "ALTER TABLE consult_visit DROP CONSTRAINT IF EXISTS consult_visit_no_overlap;")
    ]

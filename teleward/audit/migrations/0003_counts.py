"""Counting accesses without reading any: by day and member of staff, for rates."""

from django.conf import settings
from django.db import migrations

COUNT = """
CREATE FUNCTION audit_staff_days(practice uuid, since timestamptz, zone text)
RETURNS TABLE (day date, person uuid, accesses bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT (e.at AT TIME ZONE zone)::date, (e.body::jsonb ->> 'actor_id')::uuid, count(*)
    FROM public.audit_event e
    WHERE e.at >= since AND e.patient IS NOT NULL AND e.body IS NOT NULL
      AND e.body::jsonb @> jsonb_build_object(
            'actor_kind', 'Staff', 'outcome', 'allow', 'actor_organisation', practice::text)
    GROUP BY 1, 2
$$;
REVOKE ALL ON FUNCTION audit_staff_days(uuid, timestamptz, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_staff_days(uuid, timestamptz, text) TO {app};
"""


def count(apps, schema_editor):
    app = schema_editor.connection.ops.quote_name(settings.DATABASES["default"]["USER"])
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(COUNT.replace("{app}", app))


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_tree")]
    operations = [migrations.RunPython(count)]

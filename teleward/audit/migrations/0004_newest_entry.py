"""Whether the ledger holds an entry of the future: its time, nothing of what it says."""

from django.conf import settings
from django.db import migrations

NEWEST = """
CREATE FUNCTION audit_newest_after(moment timestamptz)
RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT max(e.at) FROM public.audit_event e WHERE e.at > moment
$$;
REVOKE ALL ON FUNCTION audit_newest_after(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_newest_after(timestamptz) TO {app};
"""


def let_the_newest_be_known(apps, schema_editor):
    app = schema_editor.connection.ops.quote_name(settings.DATABASES["default"]["USER"])
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(NEWEST.replace("{app}", app))


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_counts")]
    operations = [migrations.RunPython(let_the_newest_be_known)]

"""What resources are found by is there only for an open practice; ids and versions may be known before.

What was kept before has its pointer from here on; it is found by more than its id with its next version.
"""

from django.db import migrations

from teleward.kernel.rights import fenced, keys

POINTED = """
INSERT INTO records_current
    (id, type, logical_id, version, newest, organisation, patient, last_updated, keys)
SELECT DISTINCT ON (type, logical_id) md5(type || '/' || logical_id)::uuid, type, logical_id, version, id,
    organisation, patient, last_updated, '{}'
FROM records_resource ORDER BY type, logical_id, version DESC
"""
NEWEST = ("id", "type", "logical_id", "version", "newest", "organisation", "patient", "removed_at", "last_updated")
VERSIONS = ("id", "type", "logical_id", "version", "organisation", "patient", "deed", "last_updated")


class Migration(migrations.Migration):

    dependencies = [
        ("records", "0004_resources_are_found"),
    ]

    operations = [
        migrations.RunSQL(POINTED, migrations.RunSQL.noop),
        fenced("records_current", practice="organisation"),
        fenced("records_moment", practice="organisation"),
        fenced("records_amount", practice="organisation"),
        keys("records_current_key", of="records_current", columns=NEWEST),
        keys("records_version_key", of="records_resource", columns=VERSIONS),
    ]

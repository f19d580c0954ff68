"""Searching reads a view with the fence in it.

PostgreSQL asks no index about an operator of arrays before a policy of the table has let the row through: the
operator might tell. The view holds the same condition as the policy, as a condition of its own, so that a search by
keys is answered by the index of keys.
"""

from django.conf import settings
from django.db import migrations

from teleward.kernel.rights import PRACTICE

COLUMNS = """id, type, logical_id, newest, organisation, patient, last_updated, low, high, keys"""
LAY = f"""CREATE VIEW records_found AS SELECT {COLUMNS} FROM records_current
    WHERE organisation = {PRACTICE} AND removed_at IS NULL"""


def lay(apps, schema_editor):
    app = schema_editor.quote_name(str(settings.DATABASES["default"]["USER"]))
    schema_editor.execute(LAY)
    schema_editor.execute(f"REVOKE ALL ON records_found FROM {app}")
    schema_editor.execute(f"GRANT SELECT ON records_found TO {app}")


def lift(apps, schema_editor):
    schema_editor.execute("DROP VIEW records_found")


class Migration(migrations.Migration):

    dependencies = [
        ("records", "0006_what_says_no_time_sorts_first"),
    ]

    operations = [migrations.RunPython(lay, lift)]

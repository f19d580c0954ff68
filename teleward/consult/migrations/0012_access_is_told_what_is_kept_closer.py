"""Access is told of the visits that are kept closer already."""

from django.db import migrations

TELL = """INSERT INTO access_closervisit (visit, patient_id, category, told_at)
SELECT id, patient, category, now() FROM consult_visit WHERE category <> '' ON CONFLICT DO NOTHING"""


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0019_visits_kept_closer'),
        ('consult', '0011_whether_a_call_goes_on'),
    ]

    operations = [
        migrations.RunSQL(TELL, migrations.RunSQL.noop),
    ]

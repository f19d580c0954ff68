"""The rule about names is asked by every room, so it stands in access from here on."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('trust', '0005_whose_request'),
        ('access', '0012_whom_patients_read'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    'ALTER TABLE trust_namingrule RENAME TO access_namingrule',
                    'ALTER TABLE access_namingrule RENAME TO trust_namingrule',
                ),
            ],
            state_operations=[migrations.DeleteModel('NamingRule')],
        ),
    ]

"""Which policies were in force is added to and never changed; wrong codes count where they come from."""

from django.db import migrations, models

from teleward.kernel.rights import rows_stand


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0012_whom_patients_read'),
    ]

    operations = [
        migrations.RemoveField('browsercode', 'tries'),
        migrations.AddConstraint(
            model_name='policyset',
            constraint=models.CheckConstraint(condition=models.Q(('digest__regex', '^[0-9a-f]{64}$')), name='a_sha256'),
        ),
        rows_stand('access_policyset'),
    ]

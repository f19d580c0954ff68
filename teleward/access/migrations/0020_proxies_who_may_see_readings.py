"""Whether somebody to whom a patient gave access may also see what the patient's devices measured."""

from django.db import migrations, models

from teleward.kernel.rights import Right, keys

COLUMNS = ['id', 'person_id', 'patient_id', 'may_see_ledger', 'given_at', 'ends_at', 'withdrawn_at']
BEFORE = keys('access_proxy_key', of='access_proxy', columns=COLUMNS)


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0019_visits_kept_closer'),
    ]

    operations = [
        Right(BEFORE.lift, BEFORE.lay),
        migrations.AddField('proxy', 'may_see_readings', models.BooleanField(default=False)),
        migrations.AddField('proxyoffer', 'may_see_readings', models.BooleanField(default=False)),
        keys('access_proxy_key', of='access_proxy', columns=[*COLUMNS, 'may_see_readings']),
    ]

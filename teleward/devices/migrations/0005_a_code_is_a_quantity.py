"""Which quantity it is, by its LOINC code: a code means many things."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('devices', '0004_days_to_sum_up'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='alert',
            name='devices_one_open_alert',
        ),
        migrations.RemoveConstraint(
            model_name='dayinshort',
            name='devices_one_day_in_short',
        ),
        migrations.RemoveIndex(
            model_name='threshold',
            name='devices_thresholds_of',
        ),
        migrations.RenameField(model_name='alert', old_name='code', new_name='quantity'),
        migrations.RenameField(model_name='threshold', old_name='code', new_name='quantity'),
        migrations.RenameField(model_name='dayinshort', old_name='code', new_name='quantity'),
        migrations.AddIndex(
            model_name='threshold',
            index=models.Index(fields=['patient', 'quantity'], name='devices_thresholds_of'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('patient', 'quantity', 'kind'), name='devices_one_open_alert'),
        ),
        migrations.AddConstraint(
            model_name='dayinshort',
            constraint=models.UniqueConstraint(fields=('patient', 'quantity', 'day'), name='devices_one_day_in_short'),
        ),
    ]

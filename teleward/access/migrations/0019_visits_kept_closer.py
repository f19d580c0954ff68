"""Access is told which visits are kept closer, and looks no further for it."""

import django.db.models.deletion
from django.db import migrations, models

from teleward.kernel.rights import fenced, keys


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0018_views_read_by_statements_need_no_model'),
    ]

    operations = [
        migrations.CreateModel(
            name='CloserVisit',
            fields=[
                ('visit', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('category', models.CharField(blank=True, max_length=16)),
                ('told_at', models.DateTimeField()),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+',
                                              to='access.patient')),
            ],
        ),
        keys('access_closervisit_key', of='access_closervisit', columns=['visit', 'patient_id', 'category', 'told_at']),
        fenced('access_closervisit', within='access_patient', by='patient_id'),
    ]

"""Whoever changes the quiet hours says why."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('devices', '0006_readings_marked_as_wrong'),
    ]

    operations = [
        migrations.AddField('quietchange', 'why', models.CharField(blank=True, default='', max_length=300)),
    ]

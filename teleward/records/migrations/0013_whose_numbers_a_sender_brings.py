"""Whose numbers a sender may bring as they are known everywhere."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0012_hashes_are_called_so'),
    ]

    operations = [
        migrations.AddField(
            model_name='sender',
            name='assigners',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), default=list, size=None),
        ),
    ]

"""Two views are read by statements alone; nothing changes in the database."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0017_hashes_by_their_name'),
    ]

    operations = [
        migrations.DeleteModel(name='AccountRequestKey'),
        migrations.DeleteModel(name='LooseningKey'),
    ]

"""Which reasons were typed is counted only for the practice that a grant has opened."""

from django.db import migrations

from teleward.kernel.rights import fenced


class Migration(migrations.Migration):

    dependencies = [
        ('watch', '0003_rows_are_fenced'),
    ]

    operations = [
        fenced('watch_given', practice='organisation_id'),
    ]

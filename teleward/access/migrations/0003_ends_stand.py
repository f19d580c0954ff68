"""Whose access ended stays out, and a link that was taken back stays closed."""

from django.db import migrations

from teleward.kernel.rights import rows_stand


class Migration(migrations.Migration):
    dependencies = [("access", "0002_a_way_back")]
    operations = [rows_stand("access_deactivation", "access_passrevocation")]

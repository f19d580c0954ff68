"""A version in the chart is never changed or taken out: a new one is added."""

from django.db import migrations

from teleward.kernel.rights import rows_stand


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]
    operations = [rows_stand("records_resource")]

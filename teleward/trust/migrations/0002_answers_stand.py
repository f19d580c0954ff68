"""What the privacy officer answered is not changed afterwards."""

from django.db import migrations

from teleward.kernel.rights import rows_stand


class Migration(migrations.Migration):
    dependencies = [("trust", "0001_initial")]
    operations = [rows_stand("trust_answer")]

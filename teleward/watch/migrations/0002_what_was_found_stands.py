"""What the privacy officer found, and that somebody said it was not them, is not changed afterwards."""

from django.db import migrations

from teleward.kernel.rights import rows_stand


class Migration(migrations.Migration):
    dependencies = [("watch", "0001_cases")]
    operations = [rows_stand("watch_review", "watch_denial", "watch_settlement")]

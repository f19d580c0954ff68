"""The chart is there only for the practice that a grant has opened."""

from django.db import migrations

from teleward.kernel.rights import fenced


class Migration(migrations.Migration):

    dependencies = [
        ("records", "0002_versions_stand"),
    ]

    operations = [
        fenced("records_resource", practice="organisation"),
    ]

"""The gate is asked about a request for erasure before a grant opens it: its ids, nothing else."""

from django.db import migrations, models

from teleward.kernel.rights import keys


class Migration(migrations.Migration):

    dependencies = [
        ("trust", "0004_rows_are_fenced"),
    ]

    operations = [
        migrations.CreateModel(
            name="ErasureKey",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("organisation", models.UUIDField(db_column="organisation_id")),
                ("patient", models.UUIDField(db_column="patient_id")),
            ],
            options={
                "db_table": "trust_erasure_key",
                "managed": False,
            },
        ),
        keys("trust_erasure_key", of="trust_erasurerequest", columns=["id", "organisation_id", "patient_id"]),
    ]

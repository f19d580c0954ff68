"""What patients say is there only for the practice that a grant has opened."""

from django.db import migrations, models

from teleward.kernel.rights import fenced, keys


class Migration(migrations.Migration):

    dependencies = [
        ("trust", "0003_names_and_erasure"),
    ]

    operations = [
        migrations.CreateModel(
            name="ObjectionKey",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("organisation", models.UUIDField(db_column="organisation_id")),
                ("patient", models.UUIDField(db_column="patient_id")),
            ],
            options={
                "db_table": "trust_objection_key",
                "managed": False,
            },
        ),
        keys("trust_objection_key", of="trust_objection", columns=["id", "organisation_id", "patient_id"]),
        fenced("trust_objection", practice="organisation_id"),
        fenced("trust_answer", within="trust_objection", by="objection_id"),
        fenced("trust_erasurerequest", practice="organisation_id"),
        fenced("trust_erasureanswer", within="trust_erasurerequest", by="request_id"),
    ]

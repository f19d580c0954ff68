"""What happened in a visit, and each saved version of a note, cannot be changed or taken out again."""

from django.db import migrations

from teleward.kernel.rights import rows_stand


class Migration(migrations.Migration):
    dependencies = [("consult", "0002_no_overlap")]
    operations = [
        rows_stand(
            "consult_absence",
            "consult_admission",
            "consult_cancellation",
            "consult_choice",
            "consult_consent",
            "consult_ending",
            "consult_identitycheck",
            "consult_leaving",
            "consult_noteversion",
            "consult_turningaway",
            "consult_verification",
            "consult_withdrawal",
        )
    ]

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0011_what_is_brought'),
    ]

    operations = [
        migrations.RenameField(model_name='received', old_name='digest', new_name='keyed_hash'),
        migrations.RemoveConstraint(model_name='appointmentrequest', name='records_requested_once'),
        migrations.RenameField(model_name='appointmentrequest', old_name='digest', new_name='keyed_hash'),
        migrations.AddConstraint(
            model_name='appointmentrequest',
            constraint=models.UniqueConstraint(fields=('sender', 'keyed_hash'), name='records_requested_once'),
        ),
    ]

"""What is sealed and what is a keyed hash are called so."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0016_files_of_one_person'),
    ]

    operations = [
        migrations.RenameField('patientidentifier', 'value', 'sealed'),
        migrations.RenameField('patientidentifier', 'digest', 'keyed_hash'),
        migrations.RenameField('likeness', 'digest', 'keyed_hash'),
        migrations.RenameField('patientidentifierkey', 'digest', 'keyed_hash'),
        migrations.AlterField('patientidentifierkey', 'keyed_hash', models.BinaryField(db_column='digest', max_length=32)),
        migrations.SeparateDatabaseAndState(state_operations=[  # in the database they follow their columns
            migrations.RemoveConstraint('likeness', 'one_likeness_of_a_patient'),
            migrations.RemoveConstraint('patientidentifier', 'one_number_of_a_patient'),
            migrations.AddConstraint('likeness', models.UniqueConstraint(
                fields=('keyed_hash', 'patient'), name='one_likeness_of_a_patient')),
            migrations.AddConstraint('patientidentifier', models.UniqueConstraint(
                condition=models.Q(('withdrawn_at', None)), fields=('keyed_hash', 'patient'),
                name='one_number_of_a_patient')),
        ]),
    ]

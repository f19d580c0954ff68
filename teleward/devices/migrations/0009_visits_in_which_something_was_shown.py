"""Whether anything was shown in a visit can be looked up before a grant opens a practice."""


from django.db import migrations, models

from teleward.kernel.rights import keys


class Migration(migrations.Migration):

    dependencies = [
        ('devices', '0008_marks_that_are_taken_back'),
    ]

    operations = [
        migrations.CreateModel(
            name='SharingKey',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('organisation', models.UUIDField()),
                ('visit', models.UUIDField()),
            ],
            options={
                'db_table': 'devices_sharing_key',
                'managed': False,
            },
        ),
        keys("devices_sharing_key", of="devices_sharing", columns=["id", "organisation", "visit"]),
    ]

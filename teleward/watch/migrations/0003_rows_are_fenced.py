"""Cases are there only for the practice that a grant has opened; that there is one can be looked up before."""

from django.db import migrations, models

from teleward.kernel.rights import fenced, keys

OF_CASES = ["review", "settlement", "denial", "notice"]


class Migration(migrations.Migration):

    dependencies = [
        ('watch', '0002_what_was_found_stands'),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseKey',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('organisation_id', models.UUIDField()),
                ('patient_id', models.UUIDField()),
                ('kind', models.CharField(max_length=16)),
                ('about', models.UUIDField()),
            ],
            options={
                'db_table': 'watch_case_key',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='NoticeKey',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('says', models.CharField(max_length=16)),
                ('due_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'watch_notice_key',
                'managed': False,
            },
        ),
        keys('watch_case_key', of='watch_case', columns=['id', 'organisation_id', 'patient_id', 'kind', 'about']),
        keys('watch_notice_key', of='watch_notice', columns=['id', 'case_id', 'says', 'due_at', 'done_at']),
        fenced('watch_case', practice='organisation_id'),
        *(fenced(f'watch_{name}', within='watch_case', by='case_id') for name in OF_CASES),
    ]

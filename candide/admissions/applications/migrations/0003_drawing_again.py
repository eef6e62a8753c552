# How often drawing failed, so that each pause before the next try is longer. What was tried before
# is tried at once.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0002_snapshot_drawing'),
    ]

    operations = [
        migrations.RenameField(
            model_name='snapshot',
            old_name='pdf_tried_at',
            new_name='pdf_wanted_at',
        ),
        migrations.AddField(
            model_name='snapshot',
            name='pdf_tries',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='snapshot',
            name='receipt_tries',
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]

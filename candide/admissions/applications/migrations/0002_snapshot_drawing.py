# What is drawn of a snapshot: in which language, when it was tried, whether a receipt is due.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='snapshot',
            name='pdf_language',
            field=models.CharField(blank=True, max_length=10),
        ),
        migrations.AddField(
            model_name='snapshot',
            name='pdf_tried_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='snapshot',
            name='receipt_wanted_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]

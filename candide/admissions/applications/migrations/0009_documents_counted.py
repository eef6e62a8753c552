"""The numbers of documents are counted: some seconds for a hundred thousand applications, in which
nobody can change one. Undone by dropping them."""

from django.db import migrations, models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

STATUSES = ("submitted", "approved", "refused")


def count(apps, _schema_editor):
    application = apps.get_model("applications", "Application")
    document = apps.get_model("applications", "SubmittedDocument")

    def number_in(status):
        has_it = Q(own_status=status) | Q(own_status="", version__status=status)
        rows = document.objects.filter(has_it, application=OuterRef("pk")).order_by()
        numbers = rows.values("application").annotate(number=Count("pk")).values("number")
        return Coalesce(Subquery(numbers), 0)

    numbers = {f"documents_{status}": number_in(status) for status in STATUSES}
    application.objects.update(**numbers)


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0008_decided'),
    ]

    operations = [
        migrations.AddField(
            model_name='application',
            name='documents_approved',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='application',
            name='documents_refused',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='application',
            name='documents_submitted',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]

"""A pre-enrolment knows all the files it was ever in, instead of the last ones alone."""

from django.db import migrations, models


def keep_the_last(apps, schema_editor):
    rows = apps.get_model("handover", "PreEnrolment")
    link = rows.deliveries.through
    known = rows.objects.exclude(delivery=None).order_by("pk").values_list("pk", "delivery_id")
    link.objects.bulk_create(
        (link(preenrolment_id=row, delivery_id=delivery) for row, delivery in known.iterator()),
        batch_size=5000,
    )


def back_to_the_last(apps, schema_editor):
    rows = apps.get_model("handover", "PreEnrolment")
    last = rows.deliveries.through.objects.filter(preenrolment_id=models.OuterRef("pk"))
    newest = last.order_by("-delivery_id").values("delivery_id")[:1]
    rows.objects.update(delivery_id=models.Subquery(newest))


class Migration(migrations.Migration):
    dependencies = [("handover", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="preenrolment",
            name="delivery",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=models.SET_NULL,
                related_name="+",
                to="handover.delivery",
            ),
        ),
        migrations.AddField(
            model_name="preenrolment",
            name="deliveries",
            field=models.ManyToManyField(
                blank=True, related_name="pre_enrolments", to="handover.delivery"
            ),
        ),
        migrations.RunPython(keep_the_last, back_to_the_last),
        migrations.RemoveField(model_name="preenrolment", name="delivery"),
    ]

"""Where there are roles already, what any of them holds is settled; what none holds is asked about
once. A new installation settles everything with its starter roles."""

from django.db import migrations, models
from django.utils import timezone


def settle_what_is_held(apps, schema_editor):
    grant = apps.get_model("access", "Grant")
    settled = apps.get_model("access", "SettledCapability")
    now = timezone.now()  # noqa: TID251 -- moment of writing
    held = grant.objects.values_list("capability", flat=True).distinct()
    settled.objects.bulk_create(settled(capability=each, settled_at=now) for each in held)


class Migration(migrations.Migration):
    dependencies = [("access", "0010_scope_programme")]

    operations = [
        migrations.CreateModel(
            name="SettledCapability",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "capability",
                    models.CharField(max_length=40, unique=True, verbose_name="capability"),
                ),
                ("settled_at", models.DateTimeField()),
            ],
            options={"verbose_name": "settled capability"},
        ),
        migrations.RunPython(settle_what_is_held, migrations.RunPython.noop),
    ]

"""A release knows the programmes whose decisions are in it, so that whoever has rights to some of a
commission may release those. Reads the rows of every release once."""

from django.db import migrations, models


def fill_programmes(apps, schema_editor):
    release_row = apps.get_model("releases", "ReleaseRow")
    link = apps.get_model("releases", "Release").programmes.through
    pairs = release_row.objects.values_list(
        "release_id", "application__intake__programme_id"
    ).distinct()
    link.objects.bulk_create(
        (link(release_id=release, programme_id=programme) for release, programme in pairs),
        batch_size=1000,
    )


def fill_commissions(apps, schema_editor):
    release_row = apps.get_model("releases", "ReleaseRow")
    link = apps.get_model("releases", "Release").commissions.through
    pairs = release_row.objects.values_list(
        "release_id", "application__intake__programme__commission_id"
    ).distinct()
    link.objects.bulk_create(
        (link(release_id=release, commission_id=commission) for release, commission in pairs),
        batch_size=1000,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0011_external_forms_asked"),
        ("releases", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            "release",
            "programmes",
            models.ManyToManyField(related_name="+", to="catalogue.programme"),
        ),
        migrations.RunPython(fill_programmes, fill_commissions),
        migrations.RemoveField("release", "commissions"),
    ]

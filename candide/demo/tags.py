"""The tags of the demonstration, and a few applications that have them."""

from itertools import islice
from typing import Any

from candide.admissions.applications.models import Application
from candide.admissions.tags.enums import TagColour
from candide.admissions.tags.models import Tag, Tagging
from candide.demo.organisation import Organisation

# (label, colour, code of the centre; the whole institution where there is none)
TAGS = (
    ("Boursier", TagColour.BLUE, ""),
    ("Aménagement demandé", TagColour.PURPLE, ""),
    ("À revoir en commission", TagColour.ORANGE, "ST"),
    ("Double diplôme", TagColour.GREEN, "ST"),
    ("Recommandé par un partenaire", TagColour.TEAL, "LLA"),
)
ONE_IN, MOST = 6, 300


def create_tags(organisation: Organisation) -> list[Tag]:
    return [
        Tag.objects.create(label=label, colour=colour, centre=organisation.centres.get(code))
        for label, colour, code in TAGS
    ]


def put_tags(tags: list[Tag], *, now: Any) -> None:
    """One application in six has a tag it may have, in turn."""
    rows = Application.objects.order_by("pk")
    found = []
    for place, (pk, centre) in enumerate(
        islice(rows.values_list("pk", "intake__programme__commission__centre"), MOST * ONE_IN)
    ):
        possible = [tag for tag in tags if tag.centre_id in {None, centre}]
        if place % ONE_IN == 0:
            tag = possible[place // ONE_IN % len(possible)]
            found.append(Tagging(application_id=pk, tag=tag, added_at=now))
    Tagging.objects.bulk_create(found)

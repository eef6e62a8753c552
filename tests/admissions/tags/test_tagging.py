"""Tags on applications: who else's stay, which may be given, what history says."""

import pytest

from candide.admissions.tags.domain.naming import naming_blockers
from candide.admissions.tags.domain.tagging import (
    add_tags,
    offered_tags,
    remove_tags,
    tagging_blockers,
    tags_of,
)
from candide.admissions.tags.enums import TagEvent
from candide.admissions.tags.models import Tag
from candide.core.blockers import Refused
from candide.foundation.history.domain.log import entries_about
from tests.admissions.conftest import NOW, again
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import ApplicationCentreFactory
from tests.factories.tags import TagFactory, TaggingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def application():
    return again(ApplicationFactory())


@pytest.fixture
def centre(application):
    return application.intake.programme.commission.centre


def labels(application):
    return [tag.label for tag in tags_of([application.pk]).get(application.pk, [])]


def test_tags_are_added_beside_those_there_are(application, bao):
    held = TaggingFactory(application=application, tag__label="Boursier").tag
    new = TagFactory(label="À revoir")

    assert add_tags(application, [held, new], by=bao, now=NOW) == 1

    assert labels(application) == ["Boursier", "À revoir"]
    tagging = application.taggings.get(tag=new)
    assert (tagging.added_by, tagging.added_at) == (bao, NOW)
    entry = entries_about(application).get()
    assert (entry.event, entry.by_id, entry.data) == (TagEvent.ADDED, bao.pk, {"tag": new.pk})


def test_tags_are_removed_and_others_stay(application, bao):
    removed = TaggingFactory(application=application).tag
    TaggingFactory(application=application, tag__label="Reste")

    assert remove_tags(application, [removed, TagFactory()], by=bao) == 1

    assert labels(application) == ["Reste"]
    entry = entries_about(application).get()
    assert (entry.event, entry.data) == (TagEvent.REMOVED, {"tag": removed.pk})


def test_tag_out_of_service_is_shown_no_more_and_not_offered(application):
    TaggingFactory(application=application, tag__is_active=False)

    assert labels(application) == []
    assert list(offered_tags(application)) == []


def test_tags_of_the_institution_and_of_its_centre_are_offered(application, centre):
    TagFactory(label="Autre", centre=ApplicationCentreFactory())
    TagFactory(label="Centre", centre=centre)
    TagFactory(label="Tous")

    assert [tag.label for tag in offered_tags(application)] == ["Centre", "Tous"]


def test_tags_are_refused_of_other_centres_out_of_service_and_once_archived(application, bao):
    foreign = TagFactory(centre=ApplicationCentreFactory())
    closed = TagFactory(is_active=False)
    assert [b.code for b in tagging_blockers(application, [foreign, closed])] == [
        "other_centre",
        "out_of_service",
    ]

    held = TaggingFactory(application=application).tag
    type(application).objects.update(archived_at=NOW)

    with pytest.raises(Refused) as adding:
        add_tags(application, [TagFactory()], by=bao, now=NOW)
    with pytest.raises(Refused) as removing:
        remove_tags(application, [held], by=bao)
    assert adding.value.codes == removing.value.codes == ["archived"]
    assert labels(application) == [held.label]


@pytest.mark.parametrize(
    ("of_other", "of_new", "codes"),
    [
        ("institution", "institution", ["called_alike"]),
        ("institution", "centre", ["called_alike"]),
        ("centre", "institution", ["called_alike"]),
        ("centre", "centre", ["called_alike"]),
        ("elsewhere", "centre", []),
        ("elsewhere", "institution", ["called_alike"]),
    ],
)
def test_no_two_tags_of_an_application_are_called_alike(centre, of_other, of_new, codes):
    owners = {"institution": None, "centre": centre, "elsewhere": ApplicationCentreFactory()}
    TagFactory(label="Boursier", centre=owners[of_other])

    new = Tag(label="BOURSIER", centre=owners[of_new])

    assert [blocker.code for blocker in naming_blockers(new)] == codes

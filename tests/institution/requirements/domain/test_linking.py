import pytest

from candide.core.blockers import Refused
from candide.foundation.history.models import HistoryEntry
from candide.institution.requirements.domain.linking import (
    LinkChange,
    change_links,
    linking_blockers,
    owner_blockers,
)
from tests.factories.accounts import UserFactory
from tests.factories.catalogue import ProgrammeFactory
from tests.factories.requirements import DocumentRequirementFactory, QuestionFactory

pytestmark = pytest.mark.django_db


def linked(asked):
    return set(asked.programmes.all())


def test_links_are_added_and_removed_and_others_stay():
    kept, removed, added = ProgrammeFactory.create_batch(3)
    document = DocumentRequirementFactory(programmes=[kept, removed])
    bao = UserFactory(staff=True)

    changed = change_links([LinkChange(document, add=[added], remove=[removed])], by=bao)

    entry = HistoryEntry.objects.get()
    assert (changed, linked(document)) == (1, {kept, added})
    assert (entry.subject_id, entry.by_id) == (document.pk, bao.pk)
    assert entry.data["changes"] == {
        "programmes": [[kept.pk, removed.pk], sorted([kept.pk, added.pk])]
    }


def test_what_is_linked_already_changes_nothing():
    programme = ProgrammeFactory()
    question = QuestionFactory(programmes=[programme])

    changed = change_links([LinkChange(question, add=[programme])], by=None)

    assert (changed, HistoryEntry.objects.count()) == (0, 0)


def test_several_change_together_or_not_at_all():
    programme = ProgrammeFactory()
    document, common = DocumentRequirementFactory(), QuestionFactory(common=True)
    changes = [LinkChange(document, add=[programme]), LinkChange(common, add=[programme])]

    with pytest.raises(Refused) as refusal:
        change_links(changes, by=None)

    assert (refusal.value.codes, linked(document)) == (["common"], set())


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({}, []),
        ({"common": True}, ["common"]),
        ({"is_active": False}, ["out_of_service"]),
        ({"common_to_centre": True, "is_common": False}, ["other_centre"]),
    ],
)
def test_linking_blockers(fields, codes):
    document = DocumentRequirementFactory(**fields)

    assert [each.code for each in linking_blockers(document, [ProgrammeFactory()])] == codes
    assert linking_blockers(document, []) == []


def test_document_of_a_centre_is_linked_to_its_own_programmes():
    programme = ProgrammeFactory()
    document = DocumentRequirementFactory(centre=programme.commission.centre)

    change_links([LinkChange(document, add=[programme])], by=None)

    assert linked(document) == {programme}


def test_link_without_effect_can_be_removed():
    programme = ProgrammeFactory()
    document = DocumentRequirementFactory(programmes=[programme], is_active=False)

    change_links([LinkChange(document, remove=[programme])], by=None)

    assert linked(document) == set()


def test_document_linked_elsewhere_cannot_become_a_centres_own():
    own, foreign = ProgrammeFactory.create_batch(2)
    document = DocumentRequirementFactory(programmes=[own, foreign])
    centre = own.commission.centre_id

    assert [each.code for each in owner_blockers(document, centre)] == ["linked_elsewhere"]
    assert owner_blockers(document, None) == []
    document.programmes.remove(foreign)
    assert owner_blockers(document, centre) == []

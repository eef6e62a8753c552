"""The institution's own words for statuses, wherever the journey names one [I18N-03]."""

import pytest

from candide.admissions.applications.domain.examining import declare_status
from candide.admissions.applications.enums import DossierStatus, ItemStatus
from candide.admissions.applications.templatetags.dossier import answer_in_words, status_word
from candide.admissions.decisions.domain.release import release_warnings
from candide.core.blockers import Refused
from candide.institution.pages.domain.wording import code_of
from tests.admissions.conftest import NOW
from tests.factories.pages import WordingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def renamed():
    for member in (DossierStatus.AWAITED, ItemStatus.SUBMITTED, ItemStatus.NOT_APPLICABLE):
        WordingFactory(code=code_of(member), label=f"Mot de {member.value}")


def test_dossier_as_a_pdf_says_them():
    declined = {"value": None, "status": ItemStatus.NOT_APPLICABLE}

    assert status_word("submitted") == "Mot de submitted"
    assert status_word("approved") == "Validée"
    assert answer_in_words(declined) == "Mot de not_applicable"


def test_warning_before_a_release_says_them(application):
    (warning,) = release_warnings(application, today=NOW.date())

    assert "Mot de awaited" in warning.message


def test_refusal_of_a_status_that_changed_says_them(application, bao):
    with pytest.raises(Refused) as refusal:
        declare_status(
            application,
            DossierStatus.COMPLETE,
            by=bao,
            now=NOW,
            seen=DossierStatus.RECEIVED,
        )

    assert "Mot de awaited" in refusal.value.blockers[0].message

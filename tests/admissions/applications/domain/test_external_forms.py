"""External forms: which are asked, their links, what comes back, reminding."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils.translation import override

from candide.admissions.applications.domain.asked import requested_forms
from candide.admissions.applications.domain.external_forms import (
    RETURN_DAYS,
    declare_filled_in,
    declare_form_not_concerned,
    is_signed,
    item_of,
    keep_answers,
    link_of,
    remind_of_forms,
    signature_of,
    token_of,
)
from candide.admissions.applications.domain.transmission import transmission_blockers
from candide.admissions.applications.enums import ApplicationEvent
from candide.admissions.applications.models import FormAnswer
from candide.core.blockers import Refused
from candide.foundation.history.domain.log import entries_about
from candide.institution.catalogue.models import Institution
from candide.institution.mails.models import OutgoingMail
from candide.institution.requirements.domain.external_forms import address_blockers, renew_secret
from candide.institution.requirements.models import ExternalForm
from tests.admissions.conftest import NOW, again
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import IntakeFactory
from tests.factories.requirements import ExternalFormFactory

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
DAY = timedelta(days=1)
ANSWERS = [("Langue ?", "Anglais"), ("seed", "12")]


@pytest.fixture
def application(alix):
    return again(ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True)))


def item(application, **fields):
    """One form asked of `application` alone."""
    form = ExternalFormFactory(programmes=[application.intake.programme], **fields)
    return next(one for one in requested_forms(application) if one.form == form)


def status(application):
    return [one.status for one in requested_forms(application)]


def test_forms_are_asked_as_documents_are(application):
    programme = application.intake.programme
    ExternalFormFactory(code="linked", programmes=[programme])
    ExternalFormFactory(code="common", common=True)
    ExternalFormFactory(code="centre", is_common=True, centre=programme.commission.centre)
    ExternalFormFactory(code="elsewhere", common_to_centre=True)
    ExternalFormFactory(code="direct", common=True, route="direct")
    ExternalFormFactory(code="closed", common=True, is_active=False)

    asked = [one.form.code for one in requested_forms(application)]

    assert asked == ["common", "centre", "linked"]


def test_link_says_who_it_is_about_and_carries_the_way_back(application):
    found = item(application, url="https://f.example/1?d=${numDossier}&c=${idCandidature}&n=${nom}")

    query = parse_qs(urlsplit(link_of(found, today=TODAY)).query)

    user = application.candidate.user
    assert query["d"] == [user.file_number]
    assert query["c"] == [str(application.pk)]
    assert query["n"] == [application.candidate.birth_name]
    token = query["retour"][0].rstrip("/").rpartition("/")[2]
    assert item_of(token, today=TODAY).form == found.form


def test_link_leads_to_the_form_in_the_language_of_the_reader(application):
    """A-082."""
    found = item(application, url={"fr": "https://f.example/fr", "en": "https://f.example/en"})

    links = {}
    for language in ("fr", "en"):
        with override(language):
            links[language] = link_of(found, today=TODAY)

    assert {language: urlsplit(link).path for language, link in links.items()} == {
        "fr": "/fr",
        "en": "/en",
    }


def test_way_back_stands_where_the_address_wants_it(application):
    found = item(application, url="https://f.example/1?fin=${retour}")

    query = parse_qs(urlsplit(link_of(found, today=TODAY)).query)

    assert set(query) == {"fin"}
    assert query["fin"][0].startswith("http")


@pytest.mark.parametrize("what", ["forged", "another", "nonsense", "over", "gone", "renewed"])
def test_address_that_is_not_signed_any_more_leads_nowhere(application, what):
    found = item(application)
    token = token_of(found, today=TODAY)
    today = TODAY
    if what == "forged":
        token = token[:-2] + ("AA" if not token.endswith("AA") else "BB")
    elif what == "another":
        token = token.replace(f"-{application.pk}-", f"-{ApplicationFactory().pk}-", 1)
    elif what == "nonsense":
        token = "x" * 20
    elif what == "over":
        today = TODAY + (RETURN_DAYS + 1) * DAY
    elif what == "gone":
        found.form.programmes.clear()
    else:
        renew_secret(found.form, by=None)

    assert item_of(token, today=today) is None


def test_address_is_good_until_its_last_day(application):
    token = token_of(item(application), today=TODAY)

    assert item_of(token, today=TODAY + RETURN_DAYS * DAY) is not None


def test_address_of_what_does_not_exist_leads_nowhere(application):
    token = token_of(item(application), today=TODAY)
    ExternalForm.objects.all().delete()

    assert item_of(token, today=TODAY) is None


def test_answers_are_kept_once_and_the_newest_win(application):
    found = item(application)

    first = keep_answers(found, ANSWERS, reference="7", now=NOW)
    again_sent = keep_answers(found, ANSWERS, reference="7", now=NOW)
    newer = keep_answers(found, [("Langue ?", "Allemand")], reference="8", now=NOW)

    assert (first, again_sent, newer) == (True, False, True)
    (shown,) = requested_forms(application)
    assert shown.answers == [{"question": "Langue ?", "answer": "Allemand"}]
    events = [entry.event for entry in entries_about(application)]
    assert events == [ApplicationEvent.FORM_ANSWERED] * 2


def test_candidate_who_came_back_is_believed_and_answers_stay(application):
    found = item(application)

    declared = declare_filled_in(found, now=NOW)
    assert (declared, FormAnswer.objects.get().is_declared) == (True, True)

    keep_answers(found, ANSWERS, reference="7", now=NOW)
    assert declare_filled_in(found, now=NOW) is False
    row = FormAnswer.objects.get()
    assert (row.is_declared, len(row.answers)) == (False, 1)


@pytest.mark.parametrize(
    ("fields", "code"), [({"cancelled_at": NOW}, "cancelled"), ({"archived_at": NOW}, "archived")]
)
def test_nothing_comes_back_to_what_is_over(application, fields, code):
    found = item(application)
    type(application).objects.update(**fields)

    with pytest.raises(Refused) as refusal:
        keep_answers(found, ANSWERS, reference="7", now=NOW)

    assert refusal.value.codes == [code]
    assert not FormAnswer.objects.exists()


def test_shared_form_is_filled_in_once_for_all_applications(application, alix):
    ExternalFormFactory(common=True)
    other = again(ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True)))
    stranger = again(ApplicationFactory())

    keep_answers(requested_forms(application)[0], ANSWERS, reference="7", now=NOW)

    assert [status(one) for one in (application, other, stranger)] == [
        ["submitted"],
        ["submitted"],
        ["missing"],
    ]


def test_unique_form_is_filled_in_for_each_application(application, alix):
    ExternalFormFactory(common=True, unique=True)
    other = again(ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True)))

    keep_answers(requested_forms(application)[0], ANSWERS, reference="7", now=NOW)

    assert (status(application), status(other)) == (["submitted"], ["missing"])


def test_signature_is_of_this_body_this_secret_and_not_long_ago(application):
    form, body, at = item(application).form, b'{"a": 1}', int(NOW.timestamp())
    good = f"t={at}, v1={signature_of(form, body, at=at)}"
    old = at - 301

    assert is_signed(form, body, good, now=NOW)
    assert not is_signed(form, b"{}", good, now=NOW)
    assert not is_signed(form, body, "t=x,v1=", now=NOW)
    assert not is_signed(form, body, f"t={old},v1={signature_of(form, body, at=old)}", now=NOW)
    renew_secret(form, by=None)
    assert not is_signed(ExternalForm.objects.get(), body, good, now=NOW)


def declare(found, *, is_concerned=False):
    user = found.application.candidate.user
    declare_form_not_concerned(found, is_concerned=is_concerned, by=user, now=NOW)


def test_conditional_form_may_be_declined_and_taken_up_again(application):
    found = item(application, is_conditional=True)

    declare(found)
    assert status(application) == ["not_applicable"]

    declare(found, is_concerned=True)
    assert status(application) == ["missing"]
    events = [entry.event for entry in entries_about(application)]
    assert events == [ApplicationEvent.CONCERNED, ApplicationEvent.NOT_CONCERNED]


def test_form_filled_in_or_for_everybody_is_not_declined(application):
    found = item(application)
    keep_answers(found, ANSWERS, reference="7", now=NOW)

    with pytest.raises(Refused) as refusal:
        declare(found)

    assert refusal.value.codes == ["not_conditional", "answered"]


def test_forms_stand_in_the_way_of_transmitting_where_the_institution_says_so(application):
    found = item(application)
    assert "form_missing" not in codes(application)

    institution = Institution.current()
    institution.forms_block_transmission = True
    institution.save()
    assert "form_missing" in codes(application)

    declare_filled_in(found, now=NOW)
    assert "form_missing" not in codes(application)


def codes(application):
    return [blocker.code for blocker in transmission_blockers(application, today=TODAY)]


def test_reminder_names_what_is_open_with_its_link(application, bao):
    item(application, label="Questionnaire de langue")
    keep_answers(item(application, label="Déjà fait"), ANSWERS, reference="7", now=NOW)

    number = remind_of_forms(application, by=bao, now=NOW)

    mail = OutgoingMail.objects.get()
    assert (number, mail.kind) == (1, "forms-reminder")
    assert "Questionnaire de langue : https://forms.example/1?dossier=" in mail.text
    assert "Déjà fait" not in mail.text
    assert entries_about(application).first().event == ApplicationEvent.FORMS_REMINDED


def test_reminder_of_nothing_is_refused(application, bao):
    with pytest.raises(Refused) as refusal:
        remind_of_forms(application, by=bao, now=NOW)

    assert refusal.value.codes == ["nothing_open"]


@pytest.mark.parametrize(
    ("url", "codes"),
    [
        ("https://f.example/${idCandidature}?n=${nom}", []),
        ({"fr": "https://f.example/", "en": ""}, []),
        ({"fr": "https://f.example/", "en": "f.example"}, ["no_address"]),
        ("javascript:alert(1)", ["no_address"]),
    ],
)
def test_address_blockers(url, codes):
    form = ExternalFormFactory.build(url=url)

    assert [blocker.code for blocker in address_blockers(form)] == codes

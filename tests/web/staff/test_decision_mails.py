"""« Mails type de décision » : made freely, chosen on types of decision, sent at the release."""

from typing import Any

import pytest

from candide.admissions.applications.enums import Outcome
from candide.admissions.decisions.domain.entering import Draft, enter_decision
from candide.admissions.decisions.domain.release import release
from candide.admissions.decisions.mails import ReserveList
from candide.institution.access.enums import Capability
from candide.institution.mails.kinds import standard_text
from candide.institution.mails.models import MailTemplate, OutgoingMail
from tests.admissions.conftest import NOW, again
from tests.factories.catalogue import ApplicationCentreFactory
from tests.factories.decisions import DecisionTypeFactory
from tests.web.conftest import words
from tests.web.staff.conftest import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

MAILS = "/gestion/parametrage/mails-de-decision/"
NEW = f"{MAILS}nouveau/"
TYPES = "/gestion/parametrage/types-de-decision/"
TYPED = {
    "name": "Admis en alternance",
    "is_enabled": "on",
    "subject_0": "Alternance : ${avis.libelle}",
    "body_0": "Bonjour ${candidat.prenom}",
    "subject_1": "",
    "body_1": "",
}


def made(**fields: Any) -> MailTemplate:
    fields = {"kind": "decision-favourable", "name": "Alternance", **fields}
    return MailTemplate.objects.create(
        **{"subject": {"fr": "Alternance"}, "body": {"fr": "Texte"}, **fields}
    )


def typed_type(kind: Any, **changes: Any) -> dict[str, Any]:
    """What the form of a type of decision sends."""
    typed = {"code": kind.code, "label_0": "Admis", "label_1": "", "outcome": kind.outcome}
    return {**typed, "is_active": "on", "shows_comment": "on", **changes}


def test_new_one_begins_with_the_words_of_what_it_announces(as_ada):
    page = as_ada.get(NEW, {"kind": "decision-reserve-list"})

    names = [each.name for each in page.context["placeholders"]]
    first = standard_text(ReserveList, "fr")
    assert page.context["form"].initial["body"].data["fr"] == first.body
    assert "rang" in names
    assert as_ada.get(NEW, {"kind": "status-awaited"}).status_code == 404


def test_mail_is_made_tried_and_chosen_and_the_release_sends_it(as_ada, bao, application):
    tried = as_ada.post(NEW, {**TYPED, "do": "preview"})
    as_ada.post(NEW, TYPED)
    mail = MailTemplate.objects.get()
    kind = DecisionTypeFactory(outcome=Outcome.FAVOURABLE, label="Admis")
    mark = as_ada.get(f"{TYPES}{kind.pk}/").context["form"].initial["seen"]
    as_ada.post(f"{TYPES}{kind.pk}/", typed_type(kind, mail=mail.pk, seen=mark))
    kind.refresh_from_db()

    enter_decision(application, Draft(type=kind), by=bao, now=NOW)
    release(again(application), by=bao, now=NOW)

    assert tried.context["trial"].previews[0].rendered.subject == "Alternance : Avis favorable"
    assert (mail.kind, mail.name, mail.centre) == ("decision-favourable", TYPED["name"], None)
    assert OutgoingMail.objects.get().subject == "Alternance : Admis"


def test_mail_out_of_service_is_not_sent_and_saving_it_so_says_of_which_types(
    as_ada, bao, application
):
    mail = made()
    kind = DecisionTypeFactory(outcome=Outcome.FAVOURABLE, label="Admis", mail=mail)
    seen = as_ada.get(f"{MAILS}{mail.pk}/").context["form"].initial["seen"]
    typed = {**TYPED, "is_enabled": "", "seen": seen}

    asked = as_ada.post(f"{MAILS}{mail.pk}/", typed)
    as_ada.post(f"{MAILS}{mail.pk}/", {**typed, "confirmed": asked.context["warnings_mark"]})
    enter_decision(application, Draft(type=kind), by=bao, now=NOW)
    release(again(application), by=bao, now=NOW)

    assert "Les avis du type « Admis » seront validés sans mail." in words(asked)
    assert MailTemplate.objects.get().is_enabled is False
    assert OutgoingMail.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"kind": "decision-unfavourable"}, "Ce mail annonce un autre avis"),
        ({"centre": ApplicationCentreFactory}, "Ce mail appartient à un centre"),
    ],
)
def test_type_chooses_a_mail_of_its_meaning_and_centre(as_ada, fields, message):
    fields = {name: value() if callable(value) else value for name, value in fields.items()}
    mail, kind = made(**fields), DecisionTypeFactory(outcome=Outcome.FAVOURABLE)
    mark = as_ada.get(f"{TYPES}{kind.pk}/").context["form"].initial["seen"]

    page = as_ada.post(f"{TYPES}{kind.pk}/", typed_type(kind, mail=mail.pk, seen=mark))

    assert list(page.context["form"].errors) == ["mail"]
    assert message in words(page)


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"subject_0": "", "body_0": ""}, "body", "les autres langues s'y rabattent"),
        ({"name": "Alternance"}, "name", "porte déjà ce nom"),
        ({"name": ""}, "name", "obligatoire"),
        ({"body_0": "{if($prenom)}"}, "body", "n'est jamais fermé"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(as_ada, changes, field, message):
    made()

    page = as_ada.post(NEW, {**TYPED, **changes})

    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert message in words(page)


def test_used_one_is_not_deleted_and_says_by_what(as_ada):
    mail = made()
    kind = DecisionTypeFactory(outcome=Outcome.FAVOURABLE, label="Admis", code="adm", mail=mail)

    refused = as_ada.post(f"{MAILS}{mail.pk}/supprimer/")
    kind.mail = None
    kind.save()
    as_ada.post(f"{MAILS}{mail.pk}/supprimer/")

    assert refused.status_code == 409
    assert "Le type de décision « Admis » (adm) l'utilise." in words(refused)
    assert MailTemplate.objects.count() == 0


def test_centre_makes_its_own_where_it_was_opened(client, application):
    opened = ApplicationCentreFactory(sets_decisions=True)
    central, foreign = made(), made(centre=ApplicationCentreFactory())
    client.force_login(member(Capability.MANAGE_DECISIONS, centre=opened))

    client.post(NEW, {**TYPED, "centre": opened.pk})
    own = MailTemplate.objects.get(centre=opened)
    read = client.get(f"{MAILS}{central.pk}/")
    answers = [client.post(f"{MAILS}{row.pk}/", TYPED).status_code for row in (central, foreign)]

    listed = [line.cells[0][1] for line in client.get(MAILS).context["page"].object_list]
    assert sorted(listed) == ["Admis en alternance", "Alternance"]
    assert own.name == "Admis en alternance"
    assert (read.context["may_change"], answers) == (False, [403, 404])
    tried = client.post(f"{MAILS}{central.pk}/", {**TYPED, "do": "preview"})
    assert [each.rendered.subject for each in tried.context["trial"].previews] == ["Alternance"]
    opened.sets_decisions = False
    opened.save()
    assert client.get(f"{MAILS}{own.pk}/").context["may_change"] is False


def test_texts_of_kinds_are_not_among_them(as_ada):
    MailTemplate.objects.create(kind="decision-favourable", subject={"fr": "a"}, body={"fr": "b"})

    assert as_ada.get(MAILS).context["page"].object_list == []

"""Writing to candidates: one mail an application or one a candidate, never twice."""

import pytest

from candide.admissions.applications.domain.writing import Letter, write_to
from candide.admissions.applications.enums import ApplicationEvent
from candide.core.blockers import Refused
from candide.foundation.history.models import HistoryEntry
from candide.foundation.runs.domain.asking import confirm, resume, stop
from candide.foundation.runs.domain.working import work
from candide.foundation.runs.models import Run
from candide.institution.catalogue.enums import CopyMode
from candide.institution.mails.models import MailTemplate, OutgoingMail
from tests.admissions.bulk.conftest import clock, done, outcomes, previewed, said, work_all
from tests.admissions.conftest import NOW, again

pytestmark = pytest.mark.django_db


def typed(**changes):
    values = {
        "subject": {"fr": "Pour ${candidat.numDossierOpi}", "en": ""},
        "body": {"fr": "Bonjour ${prenom}", "en": ""},
        "once_per": "application",
    }
    return {**values, **changes}


def english():
    return typed(subject={"fr": "Objet", "en": "Subject"}, body={"fr": "Texte", "en": "Text"})


def mails():
    return OutgoingMail.objects.filter(copy_to="").order_by("pk")


def test_each_application_gets_its_mail_and_its_history_says_so(bao, application, beside):
    rows = [application, beside()]

    run = done(bao, "mail", typed(), *rows)

    numbers = [row.candidate.user.file_number for row in rows]
    assert [mail.subject for mail in mails()] == [f"Pour {number}" for number in numbers]
    assert [(mail.kind, mail.about_id) for mail in mails()] == [("written", row.pk) for row in rows]
    assert said(run)[0] == f"{application.candidate.user.email} : Pour {numbers[0]}"
    entries = HistoryEntry.objects.filter(event=ApplicationEvent.WRITTEN_TO).order_by("pk")
    assert [(entry.subject_id, entry.by_id, entry.data) for entry in entries] == [
        (mail.about_id, bao.pk, {"mail": mail.pk, "run": run.pk}) for mail in mails()
    ]


def test_candidate_who_applied_twice_gets_one_mail_if_wanted(bao, application, beside):
    second, other = beside(candidate=application.candidate, cancelled=True), beside()

    both = previewed(bao, "mail", typed(), application, second, other)
    run = done(bao, "mail", typed(once_per="candidate"), application, second, other)

    assert outcomes(both) == [("ready", []), ("ready", ["cancelled"]), ("ready", [])]
    assert outcomes(run) == [("done", []), ("needless", []), ("done", [])]
    assert [mail.about_id for mail in mails()] == [application.pk, other.pk]


def test_each_reads_it_in_their_language(bao, application, beside):
    reader = beside()
    reader.candidate.user.language = "en"
    reader.candidate.user.save()

    done(bao, "mail", english(), application, reader)

    assert [(mail.subject, mail.language) for mail in mails()] == [
        ("Objet", "fr"),
        ("Subject", "en"),
    ]


def test_centre_gets_its_copies(bao, application):
    centre = application.intake.programme.commission.centre
    centre.copy_mode, centre.contact_email = CopyMode.MAILBOX, "scol@univ.test"
    centre.save()

    done(bao, "mail", typed(), application)

    copies = OutgoingMail.objects.exclude(copy_to="")
    assert [mail.copy_to for mail in copies] == ["scol@univ.test"]


def test_stopped_and_resumed_nobody_is_written_to_twice(bao, application, beside):
    rows = [application, beside(), beside()]
    run = previewed(bao, "mail", typed(), *rows)
    confirm(run, by=bao, now=NOW)
    work(clock=clock, limit=1)
    stop(run, by=bao, now=NOW)
    work_all()
    assert mails().count() == 1

    resume(Run.objects.get(pk=run.pk), by=bao)
    work_all()

    assert [mail.about_id for mail in mails()] == [row.pk for row in rows]


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"body": {"fr": "", "en": ""}}, ["half_a_text"]),
        ({"subject": {}, "body": {}}, ["nothing_written"]),
        ({"body": {"fr": "{if($prenom)}"}}, ["not_closed"]),
    ],
)
def test_what_cannot_be_written_is_refused_at_once(bao, application, changes, codes):
    with pytest.raises(Refused) as refusal:
        previewed(bao, "mail", typed(**changes), application)

    assert refusal.value.codes == codes


def test_unknown_variable_is_warned_of(bao, application):
    run = previewed(bao, "mail", typed(body={"fr": "${surnom}"}), application)

    assert outcomes(run) == [("ready", ["unknown_variable"])]


def test_candidate_without_address_is_refused(bao, application):
    type(application.candidate.user).objects.filter(pk=application.candidate.user_id).update(
        email="nulle part"
    )

    assert outcomes(previewed(bao, "mail", typed(), application)) == [("refused", ["no_address"])]


def test_kind_out_of_service_writes_to_nobody(bao, application):
    centre = application.intake.programme.commission.centre
    off = MailTemplate.objects.create(kind="written", centre=centre, is_enabled=False)
    assert outcomes(previewed(bao, "mail", typed(), application)) == [
        ("refused", ["out_of_service"])
    ]

    off.centre = None
    off.save()
    with pytest.raises(Refused) as refusal:
        previewed(bao, "mail", typed(), application)
    assert refusal.value.codes == ["out_of_service"]


def test_who_may_not_write_is_refused_row_by_row(bao, application):
    bao.assignments.get().role.grants.filter(capability="write_to_candidates").delete()

    assert outcomes(previewed(bao, "mail", typed(), application)) == [("refused", ["not_allowed"])]


def test_letter_falls_back_on_any_language():
    letter = Letter({"en": "Subject"}, {"en": "a\r\nb"})

    assert (letter.text("fr").language, letter.text("fr").body) == ("en", "a\nb")
    assert Letter({}, {}).text("fr") is None


def test_writing_to_one(bao, application):
    write_to(again(application), Letter({"fr": "Objet"}, {"fr": "Texte"}), by=bao)

    assert [mail.subject for mail in mails()] == ["Objet"]

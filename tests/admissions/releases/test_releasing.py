"""Preparing many decisions and releasing them together."""

from datetime import timedelta

import pytest

from candide.admissions.applications.enums import CandidateAnswer, Outcome
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.current import draft_decision, shown_of
from candide.admissions.decisions.domain.entering import delete_draft, enter_decision
from candide.admissions.decisions.domain.release import release as release_one
from candide.admissions.decisions.models import Decision, Letter
from candide.admissions.releases.domain import preparing, releasing
from candide.admissions.releases.domain.beginning import (
    begin_release,
    begin_with_the_rest,
    prepare_again,
)
from candide.admissions.releases.domain.planning import plan, release_now
from candide.admissions.releases.domain.releasing import carry_out, due
from candide.admissions.releases.models import Release
from candide.core.blockers import Refused
from candide.foundation.history.domain.log import entries_about
from candide.institution.access.models import Assignment
from candide.institution.catalogue.enums import LetterMode, RankDisplay
from candide.institution.catalogue.models import Institution
from candide.institution.mails.models import MailTemplate, OutgoingMail
from tests.admissions.conftest import NOW, again
from tests.admissions.decisions.conftest import draft_of, on_the_list, with_letters
from tests.admissions.releases.conftest import (
    TODAY,
    begun,
    done,
    drafted,
    fresh,
    prepared,
    released,
    rows,
    work_all,
)
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import IntakeFactory

DAY = timedelta(days=1)


def refused(act, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return refusal.value.codes


def sent(application):
    """What the candidate was written, but for what tells one mail from another."""
    return list(
        OutgoingMail.objects.filter(about_id=application.pk)
        .order_by("pk")
        .values_list("kind", "to", "copy_to", "language", "subject", "text", "html", "reply_to")
    )


def history(subject):
    return [entry.event for entry in entries_about(subject).order_by("pk")]


# -- Preparing ------------------------------------------------------------------------------------


def test_preparing_keeps_mail_and_letter_and_shows_nobody_anything(application, bao):
    with_letters(application, LetterMode.BOTH)
    release = prepared(drafted(again(application), bao), by=bao)

    row = release.rows.get()
    assert (row.state, row.has_mail, row.attaches) == ("prepared", True, True)
    assert row.subject
    assert row.html
    assert row.letter.name.startswith("lettre_admission-")
    assert not OutgoingMail.objects.exists()
    assert not Letter.objects.all().visible_to(application.candidate.user).exists()
    assert again(application).released_outcome == ""
    assert draft_decision(application) is not None


def test_what_cannot_be_prepared_is_told_and_does_not_leave(application, beside, bao, monkeypatch):
    with_letters(application, LetterMode.BOTH)
    fine, broken = drafted(again(application), bao), drafted(beside(), bao)
    without, cancelled = beside(), beside(cancelled=True)
    draw = preparing.prepare

    def prepare(decision, *, now):
        if decision.application_id == broken.pk:
            raise ValueError
        return draw(decision, now=now)

    monkeypatch.setattr(preparing, "prepare", prepare)

    release = prepared(fine, broken, without, cancelled, by=bao)

    assert rows(release) == [("prepared", []), *[("waiting", [])] * 3]
    states = list(release.run.items.order_by("position").values_list("state", flat=True))
    assert states == ["done", "failed", "refused", "refused"]
    plan(release, NOW, by=bao, now=NOW)
    done(release)
    assert [released(each) for each in (fine, broken)] == [1, 0]


def test_warnings_are_kept_beside_what_is_prepared(beside, bao):
    release = prepared(drafted(beside(dossier_status="received"), bao), by=bao)

    assert rows(release) == [("prepared", ["not_complete"])]


def test_right_taken_meanwhile_prepares_nothing(application, bao):
    release = begun(drafted(application, bao), by=bao)
    Assignment.objects.filter(user=bao).delete()

    work_all()

    assert list(release.run.items.values_list("state", flat=True)) == ["refused"]


def test_what_is_out_of_reach_is_refused_by_number(application, bao, chris):
    mine = drafted(application, bao)

    codes = refused(begin_release, [mine.pk], day=TODAY, by=chris, now=NOW)

    assert codes == ["out_of_reach"]
    assert not Release.objects.exists()
    assert refused(begin_release, [], day=TODAY, by=bao, now=NOW) == ["nothing_selected"]
    assert refused(begin_release, [mine.pk], day=TODAY - DAY, by=bao, now=NOW) == ["in_the_past"]


def test_prepared_again_everything_is_made_anew(application, bao, dana):
    release = prepared(drafted(application, bao), by=bao)
    before = release.rows.get().subject
    MailTemplate.objects.create(
        kind="decision-favourable", subject={"fr": "Bravo"}, body={"fr": "Bravo."}
    )

    prepare_again(release, day=TODAY + DAY, by=dana, now=NOW)
    assert release.rows.get().subject == ""
    work_all()

    again_prepared = fresh(release)
    assert (again_prepared.version, again_prepared.day) == (2, TODAY + DAY)
    assert before != again_prepared.rows.get().subject == "Bravo"
    assert refused(prepare_again, release, day=TODAY - DAY, by=bao, now=NOW) == ["in_the_past"]


# -- Releasing ------------------------------------------------------------------------------------


def test_many_get_what_each_would_have_got_alone(application, beside, bao):
    """The same mails, letters, columns, ranks and history as released one by one."""
    with_letters(application, LetterMode.BOTH)
    alone = {outcome: drafted(beside(), bao, outcome, rank=1) for outcome in Outcome}
    many = {outcome: drafted(beside(), bao, outcome, rank=2) for outcome in Outcome}
    for each in alone.values():
        release_one(each, by=bao, now=NOW)
    release = prepared(*many.values(), by=bao)
    release_now(release, by=bao, now=NOW)

    release = done(release)

    assert (release.state, release.done_at) == ("done", NOW)
    assert rows(release) == [("released", [])] * len(Outcome)
    for outcome in Outcome:
        one, other = again(alone[outcome]), again(many[outcome])
        assert other.released_outcome == outcome
        institution = Institution.current()
        assert {name: getattr(other, name) for name in shown_of(other, institution)} == shown_of(
            other, institution
        )
        assert (other.version, other.acceptance_due_on) == (one.version, one.acceptance_due_on)
        assert len(sent(other)) == len(sent(one)) == 1
        assert sent(other)[0][0] == sent(one)[0][0]
        assert history(other) == history(one)
        letters = Letter.objects.filter(decision__application__in=[one, other])
        assert letters.count() in (0, 2)
    letters = Letter.objects.filter(decision__application__in=many.values())
    assert {letter.file_id for letter in letters} == set(
        release.rows.exclude(letter=None).values_list("letter", flat=True)
    )
    assert entries_about(many["favourable"]).first().data["release"] == release.pk
    decision = Decision.objects.get(application=many["favourable"])
    assert (decision.released_at, decision.released_by) == (NOW, bao)


def test_mail_leaves_as_it_was_prepared_with_its_letter_and_copies(application, bao):
    with_letters(application, LetterMode.BOTH)
    centre = application.intake.programme.commission.centre
    centre.copy_mode, centre.contact_email = "mailbox", "scol@univ.example"
    centre.save()
    release = prepared(drafted(again(application), bao), by=bao)
    row = release.rows.get()
    release_now(release, by=bao, now=NOW)

    done(release)

    mails = OutgoingMail.objects.order_by("pk")
    assert [(mail.copy_to, mail.subject, mail.html) for mail in mails] == [
        ("", row.subject, row.html),
        ("scol@univ.example", row.subject, row.html),
    ]
    assert [mail.attachments.get().file for mail in mails] == [row.letter] * 2


def test_mail_switched_off_is_not_sent_and_the_decision_released(application, bao):
    MailTemplate.objects.create(kind="decision-favourable", is_enabled=False)
    release = prepared(drafted(application, bao), by=bao)
    release_now(release, by=bao, now=NOW)

    done(release)

    assert released(application) == 1
    assert not OutgoingMail.objects.exists()


def change_comment(application, bao):
    enter_decision(
        again(application), draft_of(Outcome.FAVOURABLE, comment="Bravo"), by=bao, now=NOW
    )


def take_draft(application, bao):
    delete_draft(again(application), by=bao)


def rename(application, bao):
    candidate = application.candidate
    candidate.usual_name = "NOUVEAU"
    candidate.save()


def move(application, bao):
    address = application.candidate.address
    address.line_1 = "2 rue Neuve"
    address.save()


def write_another_text(application, bao):
    MailTemplate.objects.create(
        kind="decision-favourable", subject={"fr": "Bravo"}, body={"fr": "Bravo."}
    )


def new_address(application, bao):
    user = application.candidate.user
    user.email = "autre@example.org"
    user.save()


def another_signatory(application, bao):
    commission = application.intake.programme.commission
    commission.signatory = "La doyenne"
    commission.save()


def later_answers(application, bao):
    intake = application.intake
    intake.acceptance_due_on = TODAY + 30 * DAY
    intake.save()


def no_letters(application, bao):
    with_letters(application, LetterMode.NONE)


def other_institution(application, bao):
    Institution.objects.update(name="Université de Sorgues")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (change_comment, "changed"),
        (take_draft, "no_draft"),
        (rename, "changed"),
        (move, "changed"),
        (write_another_text, "changed"),
        (new_address, "changed"),
        (another_signatory, "changed"),
        (later_answers, "changed"),
        (no_letters, "changed"),
        (other_institution, "changed"),
    ],
)
def test_what_changed_since_stays_a_draft_and_the_others_leave(
    application, bao, chris, change, code
):
    """Neither mail, nor letter, nor release for who would get something else by now."""
    with_letters(application, LetterMode.BOTH)
    bao.assignments.update(centre=None)
    elsewhere = again(ApplicationFactory(complete=True, intake=IntakeFactory(closed=True)))
    mine, other = drafted(again(application), bao), drafted(elsewhere, bao)
    release = prepared(mine, other, by=bao)
    change(again(application), bao)
    release_now(release, by=bao, now=NOW)

    release = done(release)

    everybody = change in (write_another_text, other_institution)
    kept, left = ("refused", [code]), ("released", [])
    assert rows(release) == [kept, kept if everybody else left]
    assert (released(application), released(other)) == (0, 0 if everybody else 1)
    assert sent(application) == []
    assert again(application).has_draft_decision is (change is not take_draft)


def test_answer_given_meanwhile_is_not_cleared(application, bao):
    first = drafted(application, bao)
    release_one(first, by=bao, now=NOW)
    release = prepared(drafted(again(application), bao, Outcome.WAITING_LIST), by=bao)
    Application.objects.filter(pk=application.pk).update(
        answer=CandidateAnswer.ACCEPTED, answered_at=NOW
    )
    release_now(release, by=bao, now=NOW)

    release = done(release)

    assert rows(release) == [("refused", ["changed"])]
    assert again(application).answer == CandidateAnswer.ACCEPTED


def test_those_that_stayed_are_prepared_in_another_release(application, beside, bao):
    mine, other = drafted(application, bao), drafted(beside(), bao)
    release = prepared(mine, other, by=bao)
    assert refused(begin_with_the_rest, release, day=TODAY, by=bao, now=NOW) == ["not_done"]
    change_comment(application, bao)
    release_now(release, by=bao, now=NOW)

    rest = begin_with_the_rest(done(release), day=TODAY, by=bao, now=NOW)
    work_all()
    release_now(fresh(rest), by=bao, now=NOW)
    done(rest)

    assert list(rest.rows.values_list("application", flat=True)) == [mine.pk]
    assert [released(each) for each in (mine, other)] == [1, 1]


@pytest.mark.parametrize("times", [2])
def test_done_twice_is_done_once(application, bao, times):
    release = prepared(drafted(application, bao), by=bao)
    release_now(release, by=bao, now=NOW)

    assert [carry_out(release.pk, now=NOW) for _ in range(times)] == [True, False]

    assert len(sent(application)) == 1
    assert released(application) == 1


def test_what_fails_in_the_midst_happens_not_at_all(application, beside, bao, monkeypatch):
    release = prepared(drafted(application, bao), drafted(beside(), bao), by=bao)
    release_now(release, by=bao, now=NOW)

    def fails(*args, **kwargs):
        raise ValueError

    monkeypatch.setattr(releasing, "_end", fails)
    release = done(release)

    assert (release.state, release.prevented_by) == ("open", ["failed"])
    assert rows(release) == [("prepared", [])] * 2
    assert not OutgoingMail.objects.exists()
    assert again(application).released_outcome == ""


def test_database_that_fails_is_tried_again(application, bao, monkeypatch):
    release = prepared(drafted(application, bao), by=bao)
    release_now(release, by=bao, now=NOW)

    def fails(*args, **kwargs):
        raise releasing.OperationalError

    monkeypatch.setattr(releasing, "_end", fails)
    with pytest.raises(releasing.OperationalError):
        carry_out(release.pk, now=NOW)

    assert fresh(release).state == "planned"
    assert due(now=NOW) == [release.pk]


# -- Ranks ----------------------------------------------------------------------------------------


def shows(display):
    Institution.current()
    Institution.objects.update(rank_display=display)


def test_place_on_the_list_is_told_as_it_will_be(application, beside, bao):
    shows(RankDisplay.CURRENT)
    on_the_list(application.intake, bao, 10)
    third = drafted(beside(), bao, Outcome.RESERVE_LIST, rank=30)
    second = drafted(beside(), bao, Outcome.RESERVE_LIST, rank=20)
    release = prepared(third, second, by=bao)
    assert list(release.rows.order_by("position").values_list("rank_told", flat=True)) == [3, 2]
    release_now(release, by=bao, now=NOW)

    done(release)

    assert [again(each).rank_shown for each in (second, third)] == [2, 3]


def test_place_that_became_better_leaves_and_one_that_grew_does_not(application, beside, bao):
    """A candidate who was told a place is never shown a worse one."""
    shows(RankDisplay.CURRENT)
    ahead = on_the_list(application.intake, bao, 10)
    waits = drafted(beside(), bao, Outcome.RESERVE_LIST, rank=20)
    elsewhere = again(ApplicationFactory(complete=True, intake=IntakeFactory(closed=True)))
    bao.assignments.update(centre=None)
    grown = drafted(elsewhere, bao, Outcome.RESERVE_LIST, rank=20)
    release = prepared(waits, grown, by=bao)
    release_one(drafted(ahead, bao, Outcome.WAITING_LIST), by=bao, now=NOW)
    on_the_list(elsewhere.intake, bao, 5)
    release_now(release, by=bao, now=NOW)

    release = done(release)

    assert rows(release) == [("released", []), ("refused", ["changed"])]
    assert again(waits).rank_shown == 1

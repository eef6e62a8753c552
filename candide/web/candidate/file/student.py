"""What the student system knows: the questions of [FILE-INE-08, 09], and the proof of being that
student. Nothing of a student is shown before."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from candide.admissions.candidates.domain.drafts import draft_of, drop_draft, keep_draft
from candide.admissions.candidates.domain.fetching_later import note_missed
from candide.admissions.candidates.domain.ine_register import check_in_register
from candide.admissions.candidates.domain.replacing import typed_otherwise
from candide.admissions.candidates.domain.student_import import (
    IneLookup,
    ask_for_proof,
    import_student,
    look_up_ine,
    proof_blockers,
    proved_student,
    refresh_import,
    remove_import,
    signed_in_student,
)
from candide.admissions.candidates.enums import MissedKind, Section
from candide.core.blockers import Blocker, Refused, refuse_if
from candide.core.views import permission_required
from candide.institution.catalogue.models import Institution
from candide.integrations.sis.port import Unavailable
from candide.web.candidate.file.pages import EDIT_OWN, frame, own_or_none, saved, way_on

DECLINED = "declined"
SECTION = Section.IDENTITY


def unavailable() -> Blocker:
    message = _(
        "The student system does not answer at the moment. You may go on: what you type is kept, "
        "it is asked again later, and you get a mail."
    )
    return Blocker("student_system_unavailable", message)


# -- Who was signed in by the institution ----------------------------------------------------------
def signed_in_student_or_none(request: HttpRequest) -> Any:
    """The student the institution signed in, if the student system knows them and answers."""
    try:
        return signed_in_student(request.user)
    except Unavailable:
        messages.warning(request, unavailable().message)
        _note(request, MissedKind.RECORD)
        return None


def _note(request: HttpRequest, kind: MissedKind) -> None:
    """It is asked again later, and the candidate told; reading a page changes nothing."""
    if request.method == "POST":
        note_missed(request.user, kind, now=timezone.now())


def has_declined(request: HttpRequest) -> bool:
    """Whether the person said not to be the student the institution signed in."""
    draft = draft_of(request.user, section=SECTION, item=DECLINED)
    return draft is not None


@permission_required(EDIT_OWN)
def certify(request: HttpRequest) -> HttpResponse:
    """« Certifiez-vous être … né le … ? » for who the institution signed in."""
    student = signed_in_student_or_none(request)
    if student is None:
        return redirect("candidate:civil_status")
    context = _question(request, student, is_proof=False)
    if request.method != "POST":
        return render(request, "candidate/file/certify.html", context)
    if request.POST.get("answer") != "yes":
        keep_draft(request.user, section=SECTION, item=DECLINED, values={})
        return redirect("candidate:section_edit", SECTION)
    return _take_over(request, student, context, was_signed_in=True)


def ask_register(request: HttpRequest, ine: str) -> None:
    """Whether the national register knows an INE that is being saved. Raises `Refused` where the
    institution wants it refused."""
    try:
        check = check_in_register(ine, institution=Institution.current())
    except Unavailable:
        _note(request, MissedKind.INE_CHECK)
        return
    refuse_if(check.blockers)
    for warning in check.warnings:
        messages.warning(request, warning.message)


# -- Who gave an INE -------------------------------------------------------------------------------
def ask_about_ine(request: HttpRequest) -> HttpResponse | None:
    """The question a new INE leads to; None when there is none to ask."""
    candidate = own_or_none(request)
    if candidate is None:
        return None
    try:
        found = look_up_ine(candidate)
    except Unavailable:
        messages.warning(request, unavailable().message)
        _note(request, MissedKind.INE)
        return None
    if found == IneLookup.UNKNOWN:
        return redirect("candidate:ine_unknown")
    return redirect("candidate:student_found") if found == IneLookup.KNOWN else None


@require_safe
@permission_required(EDIT_OWN)
def ine_unknown(request: HttpRequest) -> HttpResponse:
    """« Votre INE est inconnu de notre système, voulez-vous continuer ? » [S2-18]."""
    if own_or_none(request) is None:
        return redirect("candidate:section", SECTION)
    return render(request, "candidate/file/ine_unknown.html", frame(request, SECTION))


@permission_required(EDIT_OWN)
def found(request: HttpRequest) -> HttpResponse:
    """The INE, names and date of birth are those of a student: offer to prove it by a link."""
    candidate = own_or_none(request)
    if candidate is None:
        return redirect("candidate:section", SECTION)
    now = timezone.now()
    context = frame(request, SECTION, blockers=proof_blockers(candidate, now=now))
    if request.method != "POST":
        return render(request, "candidate/file/student_found.html", context)
    try:
        ask_for_proof(candidate, by=request.user, now=now)
    except (Refused, Unavailable) as refusal:
        context["blockers"] = getattr(refusal, "blockers", None) or [unavailable()]
        return render(request, "candidate/file/student_found.html", context, status=409)
    message = _("The link was sent to the address the institution knows. You may go on meanwhile.")
    messages.success(request, message)
    return redirect(way_on(SECTION, Institution.current()))


@permission_required(EDIT_OWN)
def proof(request: HttpRequest, token: str) -> HttpResponse:
    """The link that was mailed: « Certifiez-vous être … ? »"""
    context = _question(request, None, is_proof=True)
    try:
        student = proved_student(request.user, token, now=timezone.now())
    except (Refused, Unavailable) as refusal:
        context["blockers"] = getattr(refusal, "blockers", None) or [unavailable()]
        return render(request, "candidate/file/certify.html", context, status=409)
    context |= {"student": student, "changes": typed_otherwise(request.user, student)}
    if request.method != "POST":
        return render(request, "candidate/file/certify.html", context)
    if request.POST.get("answer") != "yes":
        return redirect("candidate:file")
    return _take_over(request, student, context)


def _question(request: HttpRequest, student: Any, *, is_proof: bool) -> dict[str, Any]:
    changes = typed_otherwise(request.user, student) if student is not None else []
    said = {"student": student, "changes": changes, "is_proof": is_proof}
    return frame(request, SECTION, blockers=[], **said)


def _take_over(
    request: HttpRequest, student: Any, context: dict[str, Any], *, was_signed_in: bool = False
) -> HttpResponse:
    try:
        import_student(
            request.user,
            student=student,
            replaces=request.POST.getlist("replace"),
            was_signed_in=was_signed_in,
            by=request.user,
            now=timezone.now(),
        )
    except (Refused, Unavailable) as refusal:
        context["blockers"] = getattr(refusal, "blockers", None) or [unavailable()]
        return render(request, "candidate/file/certify.html", context, status=409)
    for item in ("ine", DECLINED):
        drop_draft(request.user, section=SECTION, item=item)
    message = _("Your data were taken over. Complete what you may: telephones, language.")
    messages.success(request, message)
    return redirect("candidate:civil_status")


# -- Afterwards ------------------------------------------------------------------------------------
@permission_required(EDIT_OWN)
def remove(request: HttpRequest) -> HttpResponse:
    """« Supprimer les données importées », before giving another INE [FILE-INE-09, FILE-PER-08]."""
    candidate = own_or_none(request)
    if candidate is None or not candidate.is_imported:
        return redirect("candidate:section", SECTION)
    context = frame(request, SECTION, blockers=[])
    if request.method != "POST":
        return render(request, "candidate/file/import_remove.html", context)
    try:
        remove_import(candidate, by=request.user, now=timezone.now())
    except Refused as refusal:
        context["blockers"] = refusal.blockers
        return render(request, "candidate/file/import_remove.html", context, status=409)
    messages.success(request, _("The imported data were removed."))
    return redirect("candidate:section_edit", SECTION)


@require_POST
@permission_required(EDIT_OWN)
def refresh(request: HttpRequest) -> HttpResponse:
    """Ask the student system again, once the registrar's office corrected what was wrong there."""
    candidate = own_or_none(request)
    if candidate is None:
        return redirect("candidate:section", SECTION)
    try:
        refresh_import(candidate, by=request.user, now=timezone.now())
    except (Refused, Unavailable) as refusal:
        for blocker in getattr(refusal, "blockers", None) or [unavailable()]:
            messages.error(request, blocker.message)
        return redirect("candidate:section", Section.INTERNAL_STUDIES)
    return saved(request, Section.INTERNAL_STUDIES)

"""Notes among staff, messages with the candidate: on the page of the application."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from candide.admissions.applications.models import Application
from candide.admissions.correspondence.domain.notes import change_note, delete_note, write_note
from candide.admissions.correspondence.domain.thread import mark_read, write_to_candidate
from candide.admissions.correspondence.models import Note
from candide.core.blockers import Refused
from candide.core.views import for_object
from candide.web.staff.application import show
from candide.web.staff.beside import MessageForm, NoteForm
from candide.web.staff.walking import Walk, back, list_of


@require_POST
@for_object(Application, "correspondence.write_note")
def add_note(request: HttpRequest, application: Application) -> HttpResponse:
    """Write a note."""
    form = NoteForm(request.POST)
    if not form.is_valid():
        return show(request, application, status=422, note_form=form)
    values = form.cleaned_data
    try:
        write_note(
            application,
            values["text"],
            is_important=values["is_important"],
            by=request.user,
            now=timezone.now(),
        )
    except Refused as refusal:
        return show(request, application, status=409, note_form=form, blockers=refusal.blockers)
    messages.success(request, _("The note is written."))
    return back(request, application, place="#notes")


@for_object(Note, "correspondence.change_note")
def note_page(request: HttpRequest, note: Note) -> HttpResponse:
    """Change one's note."""
    changed = note.changed_at.isoformat() if note.changed_at else ""
    initial = {"text": note.text, "is_important": note.is_important, "seen": changed}
    form = NoteForm(request.POST or None, initial=initial)
    context = {
        "note": note,
        "application": note.application,
        "form": form,
        "walk": Walk(list_of(request)),
        "navigation": "staff",
    }
    template = "staff/application/note.html"
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, template, context, status=status)
    values = form.cleaned_data
    try:
        change_note(
            note,
            values["text"],
            is_important=values["is_important"],
            by=request.user,
            now=timezone.now(),
            seen=values["seen"],
        )
    except Refused as refusal:
        return render(request, template, {**context, "blockers": refusal.blockers}, status=409)
    messages.success(request, _("The note is changed."))
    return back(request, note.application, place="#notes")


@require_POST
@for_object(Note, "correspondence.change_note")
def remove_note(request: HttpRequest, note: Note) -> HttpResponse:
    """Delete one's note."""
    application = note.application
    try:
        delete_note(note, by=request.user)
    except Refused as refusal:
        return show(request, application, status=409, blockers=refusal.blockers)
    messages.success(request, _("The note is deleted."))
    return back(request, application, place="#notes")


@require_POST
@for_object(Application, "correspondence.write_to_candidate")
def send_message(request: HttpRequest, application: Application) -> HttpResponse:
    """Write to the candidate."""
    form = MessageForm(request.POST)
    if not form.is_valid():
        return show(request, application, status=422, message_form=form)
    try:
        write_to_candidate(
            application, form.cleaned_data["text"], by=request.user, now=timezone.now()
        )
    except Refused as refusal:
        return show(request, application, status=409, message_form=form, blockers=refusal.blockers)
    messages.success(request, _("The message is sent and the candidate is told by mail."))
    return back(request, application, place="#thread")


@require_POST
@for_object(Application, "correspondence.write_to_candidate")
def messages_read(request: HttpRequest, application: Application) -> HttpResponse:
    """What the candidate wrote was read, and needs no answer."""
    mark_read(application, from_candidate=True, by=request.user, now=timezone.now())
    return back(request, application, place="#thread")

"""The tags of one application, and how any is drawn [back-office 20]."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from candide.admissions.applications.models import Application
from candide.admissions.tags.domain.tagging import add_tags, remove_tags
from candide.admissions.tags.models import Tag
from candide.core.blockers import Refused
from candide.core.text import whole_number
from candide.core.views import for_object
from candide.web.shared.refusals import show_refusal


def tag_chip(label: object, colour: str) -> SafeString:
    return format_html('<span class="staff-tag staff-tag-{}">{}</span>', colour, label)


def tag_chips(tags: Iterable[Tag]) -> SafeString:
    """Tags beside one another, as the grid shows them."""
    return format_html_join(" ", "{}", ((tag_chip(tag.label, tag.colour),) for tag in tags))


@require_POST
@for_object(Application, "tags.tag")
def change_tags(request: HttpRequest, application: Application) -> HttpResponse:
    """Add the tags that were ticked, or take off the one whose button was pressed."""
    removed = whole_number(request.POST.get("remove", ""))
    added = {number for text in request.POST.getlist("add") if (number := whole_number(text))}
    try:
        if removed is not None:
            remove_tags(application, Tag.objects.filter(pk=removed), by=request.user)
        else:
            tags = list(Tag.objects.filter(pk__in=added))
            add_tags(application, tags, by=request.user, now=timezone.now())
    except Refused as refusal:
        show_refusal(request, refusal)
    else:
        messages.success(request, _("The tags are changed."))
    return redirect("staff:application", application.pk)

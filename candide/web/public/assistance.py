"""« Assistance »: frequent questions to search, documentation, and how to write to us [ASSIST]."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from candide.institution.catalogue.models import Institution
from candide.institution.pages.domain.faq import find_entries
from candide.institution.pages.domain.rich_text import rich_text


@require_safe
@login_not_required
def assistance(request: HttpRequest) -> HttpResponse:
    """All questions, or those with the words of `q`; htmx asks for the answers alone."""
    words = request.GET.get("q", "").strip()[:200]
    entries = [
        {
            "code": entry.code,
            "question": entry.question,
            "answer_html": rich_text(str(entry.answer), first_heading=4),
        }
        for entry in find_entries(words)
    ]
    context = {
        "words": words,
        "entries": entries,
        "documentation_url": documentation_url(Institution.current()),
    }
    part = "#answers" if request.htmx and not request.htmx.history_restore_request else ""
    return render(request, f"public/assistance.html{part}", context)


def documentation_url(institution: Institution) -> str:
    """The English one for English readers, where there is one [ASSIST-01]."""
    if get_language() == "en" and institution.documentation_url_en:
        return institution.documentation_url_en
    return institution.documentation_url

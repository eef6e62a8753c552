"""« Fichiers manquants »: documents whose file is gone, and mending that [administration 7.6]."""

from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from candide.admissions.applications.models import SubmittedDocument
from candide.core.views import permission_required
from candide.foundation.files.models import MissingContent, StoredFile
from candide.foundation.jobs.models import JobRun

SHOWN = 200


@permission_required("jobs.view")
def missing_files(request: HttpRequest) -> HttpResponse:
    """What the last check did not find, with the applications that use it: named to whom they are
    shown, counted for others. Of each document the candidate is asked again, with a message, or
    staff give it in their place."""
    missing = list(MissingContent.objects.order_by("found_at", "pk")[: SHOWN + 1])
    keys = [each.stored_file_id for each in missing[:SHOWN]]
    files = StoredFile.objects.in_bulk(keys)
    documents = SubmittedDocument.objects.filter(version__file__in=keys)
    numbers = Counter(documents.values_list("version__file", flat=True))
    uses: dict[int, list[Any]] = {}
    joined = documents.visible_to(request.user).select_related(
        "requirement", "version", "application__candidate__user", "application__intake__programme"
    )
    for use in joined.order_by("pk"):
        uses.setdefault(use.version.file_id or 0, []).append(use)
    context = {
        "lines": [
            {
                "file": files[each.stored_file_id],
                "since": each.found_at,
                "uses": shown,
                "hidden": numbers[each.stored_file_id] - len(shown),
            }
            for each in missing[:SHOWN]
            if each.stored_file_id in files
            for shown in [uses.get(each.stored_file_id, [])]
        ],
        "has_more": len(missing) > SHOWN,
        "last": JobRun.objects.filter(job="check-files").order_by("-pk").first(),
        "navigation": "staff",
    }
    return render(request, "staff/operation/missing_files.html", context)

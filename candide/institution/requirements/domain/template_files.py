"""The template of a document, that candidates fill in (« modèle à compléter ») [PJ-04]."""

from typing import Any

from django.db import transaction

from candide.foundation.files.domain.checks import DOCUMENT_KINDS, OFFICE_KINDS
from candide.foundation.files.models import StoredFile
from candide.foundation.history.domain.changes import log_saved, values_of
from candide.institution.requirements.models import DocumentRequirement

TEMPLATE_KINDS = DOCUMENT_KINDS | OFFICE_KINDS


@transaction.atomic
def put_template(requirement: DocumentRequirement, file: StoredFile | None, *, by: Any) -> None:
    """Put `file` in place of the template there is; none takes it away. What nothing points at any
    more is cleaned up by the files room."""
    row = DocumentRequirement.objects.select_for_update(of=("self",)).get(pk=requirement.pk)
    before = values_of(row)
    row.template_file = file
    row.save(update_fields=["template_file"])
    log_saved(row, before=before, by=by)

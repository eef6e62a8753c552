"""The image of a commission's signature, printed on its letters [back-office 6.1]."""

from typing import Any

from django.db import transaction

from candide.foundation.files.domain.checks import Limits
from candide.foundation.files.enums import Kind
from candide.foundation.files.models import StoredFile
from candide.foundation.history.domain.changes import log_saved, values_of
from candide.institution.catalogue.models import Commission

MEGABYTE = 1024 * 1024
LIMITS = Limits(
    max_file_bytes=2 * MEGABYTE,
    max_document_bytes=2 * MEGABYTE,
    max_files=1,
    kinds=frozenset({Kind.PNG, Kind.JPEG}),
    keeps_image=True,
)


@transaction.atomic
def put_signature(commission: Commission, file: StoredFile | None, *, by: Any) -> None:
    """Put `file` in place of the signature there is; none takes it away. Letters that were given
    out keep the one they have."""
    row = Commission.objects.select_for_update(of=("self",)).get(pk=commission.pk)
    before = values_of(row)
    row.signature = file
    row.save(update_fields=["signature"])
    log_saved(row, before=before, by=by)

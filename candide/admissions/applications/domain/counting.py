"""How many documents of an application wait to be checked, are approved or refused. The numbers are
kept with the application, for the grid sorts a hundred thousand by them; they are counted anew by
whatever changes documents or their verdicts, which holds the lock of the candidate."""

from typing import Any

from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from candide.admissions.applications.domain.editing import lock_candidate
from candide.admissions.applications.enums import ItemStatus
from candide.admissions.applications.models import Application, SubmittedDocument
from candide.admissions.applications.models.application import ApplicationQuerySet
from candide.admissions.candidates.models import Candidate

# Where the number of documents in a status is kept.
NUMBERS = {
    ItemStatus.SUBMITTED: "documents_submitted",
    ItemStatus.APPROVED: "documents_approved",
    ItemStatus.REFUSED: "documents_refused",
}


def count_documents(candidate: Candidate) -> None:
    """Count the documents of every application of `candidate`: a verdict shows in all that use
    the version."""
    write_numbers(Application.objects.filter(candidate=candidate))


@transaction.atomic
def mend_numbers(candidate: int) -> None:
    """The same on its own, of the candidate with this key."""
    count_documents(lock_candidate(candidate))


def write_numbers(applications: ApplicationQuerySet) -> None:
    """Count the documents of `applications`, in one statement."""
    applications.update(**{name: _number_in(status) for status, name in NUMBERS.items()})


def miscounted() -> ApplicationQuerySet:
    """Applications whose numbers are not those of their documents: none, unless something changed
    documents without counting them."""
    numbers = {f"real_{name}": _number_in(status) for status, name in NUMBERS.items()}
    differs = Q()
    for name in NUMBERS.values():
        differs |= ~Q(**{name: F(f"real_{name}")})
    return Application.objects.alias(**numbers).filter(differs)


def _number_in(status: ItemStatus) -> Any:
    rows = SubmittedDocument.objects.in_status(status).filter(application=OuterRef("pk"))
    counted = rows.order_by().values("application").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)

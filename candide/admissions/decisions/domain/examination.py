"""The examination sheet (« fiche d’examen »): who applies to what, and every decision and reason in
service, to be ticked by hand in front of a dossier on paper [back-office 22.1]."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.outcomes import Policy, policy_of
from candide.admissions.decisions.models import DecisionReason, DecisionType
from candide.foundation.pdf.rendering import render
from candide.institution.catalogue.models import Institution


@dataclass(frozen=True)
class Choice:
    """A decision to tick; `policy` tells what is written beside it."""

    label: Any
    policy: Policy


@dataclass(frozen=True)
class Sheet:
    """What stands on the sheet of one application."""

    application: Application
    choices: list[Choice]
    reasons: list[DecisionReason]


def sheet_name(application: Application) -> str:
    """`fiche-examen-<dossier>-<code of the programme>.pdf`."""
    number, code = application.candidate.user.file_number, application.intake.programme.code
    return f"fiche-examen-{number}-{code}"[:96].replace(" ", "_") + ".pdf"


def sheets_of(applications: Sequence[Application]) -> list[Sheet]:
    """The sheets of these applications; two queries, however many there are."""
    types = list(_in_service(DecisionType, applications))
    reasons = list(_in_service(DecisionReason, applications))
    found = []
    for application in applications:
        here = {None, application.intake.programme.commission.centre_id}
        choices = [
            Choice(one.label, policy_of(one.outcome)) for one in types if one.centre_id in here
        ]
        own = [one for one in reasons if one.centre_id in here]
        found.append(Sheet(application, choices, own))
    return found


def render_sheets(applications: Sequence[Application], *, language: str, now: datetime) -> bytes:
    """The sheets of these applications as one PDF, a page or more each."""
    institution = Institution.current()
    with translation.override(language):
        title = _("Examination sheet")
        context = {
            "title": title,
            "language": language,
            "institution": institution,
            "sheets": sheets_of(applications),
        }
        html = render_to_string("pdf/examination.html", context)
        author = str(institution.name)
    return render(html, title=title, language=language, author=author, created=now)


def _in_service(model: Any, applications: Sequence[Application]) -> Any:
    centres = {each.intake.programme.commission.centre_id for each in applications}
    here = Q(centre=None) | Q(centre__in=centres)
    return model.objects.filter(here, is_active=True).order_by("centre", "pk")

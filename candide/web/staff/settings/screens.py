"""Every parameter screen, in the groups in which the first page shows them."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from candide.admissions.decisions.models import DecisionReason, DecisionType
from candide.core.views import permission_required
from candide.institution.access.domain.upgrading import new_capabilities
from candide.institution.access.enums import Capability
from candide.institution.catalogue.models import Institution
from candide.web.staff.mails.decision_mails import DECISION_MAILS
from candide.web.staff.operation.pages import OPERATION
from candide.web.staff.programs.pages import PROGRAMS
from candide.web.staff.readings import READINGS
from candide.web.staff.register import REGISTER
from candide.web.staff.rights.pages import NEWS, RIGHTS, Page
from candide.web.staff.settings import campaigns, duplicating, extending, mass, retention
from candide.web.staff.settings.campaigns import CAMPAIGNS
from candide.web.staff.settings.columns import CODE, IN_SERVICE, LABEL, OWNER
from candide.web.staff.settings.crud import Column, Crud
from candide.web.staff.settings.decision_forms import DecisionReasonForm, DecisionTypeForm
from candide.web.staff.settings.enrolment import EXEMPTIONS, REGIMES
from candide.web.staff.settings.extending import EXTENDING
from candide.web.staff.settings.external_forms import FORMS
from candide.web.staff.settings.letters import LETTERS
from candide.web.staff.settings.organisation import CENTRES, COMMISSIONS, PROGRAMME_KINDS
from candide.web.staff.settings.programmes import INTAKES, PROGRAMMES
from candide.web.staff.settings.requirements import DOCUMENTS, QUESTIONS
from candide.web.staff.settings.retention import RETENTION
from candide.web.staff.settings.tacit import REFERENCE, THRESHOLDS
from candide.web.staff.settings.tags import TAGS
from candide.web.staff.settings.texts import FAQ, NOTICES
from candide.web.staff.whole_history import WHOLE_HISTORY

DECISION_TYPES = Crud(
    slug="types-de-decision",
    title=_("Types of decision"),
    new=_("New type of decision"),
    help=_("What commissions choose from, in the words of this institution."),
    model=DecisionType,
    form=DecisionTypeForm,
    capability=Capability.MANAGE_DECISIONS,
    view="decisions.view_settings",
    manage="decisions.manage_settings",
    columns=(
        LABEL,
        CODE,
        Column(_("Meaning"), lambda row: row.get_outcome_display()),
        OWNER,
        Column(_("Final"), "is_final"),
        IN_SERVICE,
    ),
    order=("outcome", "code"),
    joined=("centre",),
)
DECISION_REASONS = Crud(
    slug="motivations",
    title=_("Reasons for decisions"),
    new=_("New reason"),
    help=_("Why an unfavourable decision is taken; the candidate reads it."),
    model=DecisionReason,
    form=DecisionReasonForm,
    capability=Capability.MANAGE_DECISIONS,
    view="decisions.view_settings",
    manage="decisions.manage_settings",
    columns=(LABEL, CODE, OWNER, IN_SERVICE),
    joined=("centre",),
)


@dataclass(frozen=True)
class Group:
    title: Any
    icon: str
    screens: tuple[Crud, ...]
    pages: tuple[Page, ...] = ()


ASKING = Page(
    _("What programmes ask for"),
    _("Of one programme, where it comes from; of several, what to add or remove."),
    "requirements.view",
    "asking",
)

INSTITUTION = Page(
    _("The institution"),
    _("Name, accounts, applying, files, letters, languages: every setting, with search."),
    "catalogue.view_setting",
    "institution",
)
LOCKS = Page(
    _("Locks"),
    _("Who is changing which file, since when; released where one cannot wait."),
    "candidates.settle_locks",
    "locks",
)

HANDOVER = Page(
    _("Hand-over to the student system"),
    _("Who was announced there, refusals, files to carry, reports, nomenclatures."),
    "handover.list",
    "handover",
)

MAIL_TEXTS = Page(
    _("Mails"),
    _("What each mail says, for the institution and in the words of a centre."),
    "mails.view_texts",
    "mail_texts",
)

WORDING = Page(
    _("Words for statuses"),
    _("What candidates and staff read for statuses, admission routes and answers."),
    "pages.view",
    "wording",
)

GROUPS = (
    Group(
        _("Organisation"), "building-2", (CAMPAIGNS, CENTRES, COMMISSIONS), (INSTITUTION, RETENTION)
    ),
    Group(PROGRAMMES.title, "library", (PROGRAMMES, INTAKES, PROGRAMME_KINDS), (EXTENDING,)),
    Group(_("What is asked"), "clipboard-list", (DOCUMENTS, QUESTIONS, FORMS), (ASKING,)),
    Group(_("Examining applications"), "inbox", (TAGS,)),
    Group(_("Decisions"), "gavel", (DECISION_TYPES, DECISION_REASONS, DECISION_MAILS, LETTERS)),
    Group(_("Tacit decisions"), "alarm-clock", (THRESHOLDS,), (REFERENCE,)),
    Group(_("Enrolment"), "wallet", (EXEMPTIONS, REGIMES), (HANDOVER,)),
    Group(_("Candidates"), "users", (), (LOCKS, READINGS, WHOLE_HISTORY, REGISTER)),
    Group(_("Texts"), "type", (NOTICES, FAQ), (MAIL_TEXTS, WORDING)),
    Group(_("Other systems"), "plug", (), PROGRAMS),
    Group(_("Operation"), "server-cog", (), OPERATION),
)


@permission_required("staff.enter")
def settings_page(request: HttpRequest) -> HttpResponse:
    """Every screen somebody may look at, but for those the institution hides."""
    shows_all = request.user.has_perm("catalogue.manage_institution")
    hidden = [] if shows_all else Institution.current().hidden_entries
    groups = []
    for group in GROUPS:
        screens: list[Any] = [
            screen
            for screen in group.screens
            if screen.has_list and request.user.has_perm(screen.view) and screen.is_offered()
        ]
        screens += [page for page in group.pages if request.user.has_perm(page.view)]
        screens = [screen for screen in screens if f"staff:{screen.name}" not in hidden]
        if screens:
            groups.append({"title": group.title, "icon": group.icon, "screens": screens})
    rights = [
        page
        for page in RIGHTS
        if request.user.has_perm(page.view) and f"staff:{page.name}" not in hidden
    ]
    if request.user.has_perm("access.manage_roles") and new_capabilities():
        rights.append(NEWS)
    if rights:
        groups.append({"title": _("Rights"), "icon": "key-round", "screens": rights})
    return render(request, "staff/settings/index.html", {"groups": groups, "navigation": "staff"})


def setting_urls() -> list[URLPattern]:
    screens = [url for group in GROUPS for screen in group.screens for url in screen.urls()]
    return [
        *screens,
        *campaigns.URLS,
        *retention.URLS,
        *duplicating.URLS,
        *mass.URLS,
        *extending.URLS,
    ]

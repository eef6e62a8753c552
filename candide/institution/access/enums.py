from django.db import models
from django.utils.translation import gettext_lazy as _


class Capability(models.TextChoices):
    """What a role may let somebody do (« fonctionnalité »)."""

    VIEW_APPLICATIONS = "view_applications", _("See applications")
    CHECK_DOCUMENTS = "check_documents", _("Check documents")
    SET_DOSSIER_STATUS = "set_dossier_status", _("Set the status of dossiers")
    SET_ROUTE = "set_route", _("Set the admission route")
    CONFIRM_ROUTE = "confirm_route", _("Confirm the admission route")
    ENTER_DECISIONS = "enter_decisions", _("Enter decisions")
    RELEASE_DECISIONS = "release_decisions", _("Release decisions")
    TAG_APPLICATIONS = "tag_applications", _("Tag applications")
    SET_DEADLINES = "set_deadlines", _("Give individual deadlines")
    WRITE_NOTES = "write_notes", _("Write notes")
    WRITE_TO_CANDIDATES = "write_to_candidates", _("Write to candidates")
    SET_FEES = "set_fees", _("Enter fees and exemptions")
    SET_REGIME = "set_regime", _("Enter the study regime")
    ENTER_ENROLMENT_CODES = "enter_enrolment_codes", _("Enter enrolment codes")
    MANAGE_HANDOVER = "manage_handover", _("Hand over to the student system")
    ACT_FOR_CANDIDATES = "act_for_candidates", _("Act for candidates")
    IGNORE_DEADLINES = "ignore_deadlines", _("Act after the deadline")
    VIEW_CANDIDATES = "view_candidates", _("See candidates’ accounts")
    ADMINISTER_CANDIDATES = "administer_candidates", _("Administer candidates’ accounts")
    MANAGE_ORGANISATION = "manage_organisation", _("Set up centres and commissions")
    MANAGE_CATALOGUE = "manage_catalogue", _("Set up programmes")
    MANAGE_REQUIREMENTS = "manage_requirements", _("Set up what is asked")
    MANAGE_DECISIONS = "manage_decisions", _("Set up decisions")
    MANAGE_TEXTS = "manage_texts", _("Edit texts")
    VIEW_OUTBOX = "view_outbox", _("See mails")
    CHANGE_SETTINGS = "change_settings", _("Change the settings left to them")
    MANAGE_INSTITUTION = "manage_institution", _("Set up the institution")
    MANAGE_STAFF = "manage_staff", _("Give rights to staff")


class AccessEvent(models.TextChoices):
    """What happens to the rights of a person."""

    GIVEN = "access-given", _("Given a role")
    CHANGED = "access-changed", _("Changed a role of theirs")
    TAKEN = "access-taken", _("Taken a role")

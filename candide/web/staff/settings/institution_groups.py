"""The settings of the institution in the groups in which they are changed."""

from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from candide.institution.catalogue.domain.service import NAMES as SERVICE
from candide.institution.catalogue.models import Institution

DELEGATED = "delegated_settings"
# Not typed: the logo is a file, and the service has a page of its own.
APART = ("id", "logo", *(name for name in SERVICE if name != "is_in_maintenance"))


@dataclass(frozen=True)
class Group:
    """Settings that are changed together."""

    slug: str
    title: Any
    icon: str
    names: tuple[str, ...]


NAMED = (
    Group(
        "identite",
        _("Who we are"),
        "landmark",
        ("name", "short_name", "uai", "website", "primary_colour", "languages"),
    ),
    Group(
        "assistance",
        _("Assistance and personal data"),
        "life-buoy",
        (
            "contact_email",
            "contact_url",
            "documentation_url",
            "documentation_url_en",
            "privacy_text",
        ),
    ),
    Group(
        "comptes",
        _("Accounts of candidates"),
        "circle-user-round",
        (
            "has_local_accounts",
            "has_sso_door",
            "file_number_prefix",
            "activation_days",
            "password_reset_hours",
        ),
    ),
    Group(
        "personnel",
        _("Sign-in of staff"),
        "shield-check",
        ("second_factor_for", "release_sign_in_minutes", "export_sign_in_minutes"),
    ),
    Group(
        "dossier",
        _("The file of candidates"),
        "folder-open",
        (
            "is_ine_required",
            "bea_check",
            "base36_check",
            "rnie_check",
            "has_internal_studies",
            "has_ine_lookup",
            "has_student_documents",
        ),
    ),
    Group(
        "candidatures",
        _("Applying and examining"),
        "send",
        (
            "max_applications",
            "is_quota_global",
            "catalogue_grouping",
            "is_paperless",
            "forms_block_transmission",
            "is_sis_code_required",
            "reset_status_on_route_change",
            "statuses_hidden_from_commissions",
            "has_note_export",
        ),
    ),
    Group(
        "reponses",
        _("Decisions, letters, answers"),
        "gavel",
        (
            "has_letters",
            "letter_after_acceptance",
            "has_appeals",
            "rank_display",
            "reminder_days",
            "release_agreement_above",
            "tacit_reference",
            "tacit_final_only",
        ),
    ),
    Group("menus", _("Menus of staff"), "menu", ("hidden_entries",)),
    Group("delegation", _("Settings left to the registrar"), "users", (DELEGATED,)),
    Group(
        "remontee",
        _("Hand-over to the student system"),
        "arrow-up-from-line",
        (
            "hands_over",
            "handover_moment",
            "handover_at_once",
            "handover_people",
            "handover_prefix",
            "handover_address",
            "handover_documents",
        ),
    ),
    Group(
        "fichiers",
        _("Files"),
        "file",
        (
            "max_file_mb",
            "max_document_mb",
            "max_document_pages",
            "max_dossiers",
            "is_upload_closed",
        ),
    ),
    Group(
        "service",
        _("Maintenance and retention"),
        "wrench",
        (
            "is_in_maintenance",
            "most_candidates",
            "archive_days",
            "reading_days",
            "job_history_days",
        ),
    ),
)


def groups() -> tuple[Group, ...]:
    """Every setting is in one: what no group names is in the last."""
    named = {name for group in NAMED for name in group.names} | set(APART)
    others = tuple(f.name for f in Institution._meta.concrete_fields if f.name not in named)
    if not others:
        return NAMED
    return (*NAMED, Group("autres", _("Other settings"), "settings-2", others))


def delegable() -> list[tuple[str, str]]:
    """Every setting that may be left to others, with its group and its name: not who it is left
    to, nor what decides whether candidates and staff come in at all."""
    return [
        (name, f"{group.title} – {capfirst(str(field_of(name).verbose_name))}")
        for group in groups()
        for name in group.names
        if name not in (DELEGATED, *SERVICE)
    ]


def field_of(name: str) -> Any:
    return Institution._meta.get_field(name)

"""The administrators' pages, as the first page of the settings shows them."""

from django.utils.translation import gettext_lazy as _

from candide.web.staff.rights.pages import Page

OPERATION = (
    Page(
        _("Jobs"),
        _("What runs by itself: when, how it went, run it now."),
        "jobs.view",
        "jobs",
    ),
    Page(
        _("Service"),
        _("Open, read only or in maintenance, now or planned; a message to everybody."),
        "catalogue.view_institution",
        "service",
    ),
    Page(
        _("Versions and connections"),
        _("What runs here, and whether mail, files, antivirus and the student system answer."),
        "jobs.view",
        "checks",
    ),
    Page(
        _("Student system"),
        _("Whether Apogée, Pégase or the spreadsheets answer, and what: a test of each call."),
        "jobs.view",
        "student_system",
    ),
    Page(
        _("Missing files"),
        _("Documents whose file is gone: ask for them again, or give them."),
        "jobs.view",
        "missing_files",
    ),
    Page(
        _("Sessions"),
        _("Who is signed in; end the sessions of somebody."),
        "accounts.end_sessions",
        "sessions",
    ),
)

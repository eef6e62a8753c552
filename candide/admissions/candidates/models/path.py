"""What the candidate studied and did: studies here and elsewhere, internships, work."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candide.admissions.candidates.enums import StudyResult
from candide.admissions.candidates.models.identity import Candidate, Versioned
from candide.admissions.candidates.models.place import _reference
from candide.core.personal_data import declare
from candide.core.visibility import VisibleQuerySet


class InternalStudies(models.Model):
    """A year at this institution, imported, read-only (« cursus interne ») [FILE-INT]."""

    candidate = models.ForeignKey(
        Candidate, on_delete=models.CASCADE, related_name="internal_studies"
    )
    year = models.CharField(_("academic year"), max_length=9)
    code = models.CharField(_("code"), max_length=100)
    label = models.CharField(_("label"), max_length=255)
    result = models.CharField(_("result"), max_length=100, blank=True)
    honours = models.CharField(_("honours"), max_length=100, blank=True)
    mark = models.CharField(_("mark"), max_length=20, blank=True)
    scale = models.CharField(_("out of"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("studies here")

    def __str__(self) -> str:
        return f"{self.year} {self.code}"


class ExternalStudies(Versioned):
    """A year of study elsewhere (« cursus externe ») [FILE-EXT]."""

    candidate = models.ForeignKey(
        Candidate, on_delete=models.CASCADE, related_name="external_studies"
    )
    country = models.ForeignKey(
        "reference.Country", verbose_name=_("country"), on_delete=models.PROTECT, related_name="+"
    )
    department = _reference("Department", _("département"))
    commune = _reference("Commune", _("commune"))
    school = _reference("School", _("institution"))
    school_name = models.CharField(
        _("institution, if it is abroad or not listed"), max_length=200, blank=True
    )
    year = models.PositiveSmallIntegerField(_("year obtained"))
    family = models.ForeignKey(
        "reference.DiplomaFamily",
        verbose_name=_("programme"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    label = models.CharField(_("name and level of the programme"), max_length=255)
    result = models.CharField(_("obtained"), max_length=20, choices=StudyResult.choices)
    honours = _reference("Honours", _("honours"))
    updated_at = models.DateTimeField(auto_now=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("studies elsewhere")

    def __str__(self) -> str:
        return f"{self.year} {self.label}"


class Internship(Versioned):
    """An internship (« stage ») [FILE-STG]."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="internships")
    year = models.PositiveSmallIntegerField(_("year"))
    duration = models.CharField(_("duration"), max_length=20)
    weekly_hours = models.PositiveSmallIntegerField(_("hours a week"), null=True, blank=True)
    organisation = models.CharField(_("employer"), max_length=50)
    description = models.TextField(_("description"), max_length=500)
    updated_at = models.DateTimeField(auto_now=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("internship")

    def __str__(self) -> str:
        return f"{self.year} {self.organisation}"


class WorkExperience(Versioned):
    """A job (« expérience professionnelle ») [FILE-PRO]."""

    candidate = models.ForeignKey(
        Candidate, on_delete=models.CASCADE, related_name="work_experiences"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    title = models.CharField(_("title"), max_length=50)
    duration = models.CharField(_("duration"), max_length=20)
    organisation = models.CharField(_("employer"), max_length=50)
    description = models.TextField(_("description"), max_length=500, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("work experience")

    def __str__(self) -> str:
        return f"{self.year} {self.title}"


class StudentDocument(models.Model):
    """A document the student system holds and vouches for (« PJ SiScol ») [PJ-06, PJ-07]."""

    candidate = models.ForeignKey(
        Candidate, on_delete=models.CASCADE, related_name="student_documents"
    )
    sis_code = models.CharField(_("code"), max_length=20)
    year = models.CharField(_("year"), max_length=9)
    expires_on = models.DateField(_("expires"), null=True, blank=True)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("document of the student system")
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "sis_code", "year"], name="student_document_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sis_code} {self.year}"

    @staticmethod
    def usable_on(today) -> Q:
        """Not expired on `today`."""
        return Q(expires_on=None) | Q(expires_on__gte=today)


declare(
    InternalStudies, personal="candidate year code label result honours mark scale", neutral="id"
)
declare(
    ExternalStudies,
    personal=(
        "candidate country department commune school school_name year family label result honours"
    ),
    neutral="id version tab tab_version updated_at",
)
declare(
    Internship,
    personal="candidate year duration weekly_hours organisation description",
    neutral="id version tab tab_version updated_at",
)
declare(
    WorkExperience,
    personal="candidate year title duration organisation description",
    neutral="id version tab tab_version updated_at",
)
declare(StudentDocument, personal="candidate file", neutral="id sis_code year expires_on")

"""What is counted of applications whose candidate was erased: of nobody in person any more."""

from django.db import models

from candide.admissions.applications.enums import CandidateAnswer, DossierStatus, Outcome
from candide.core.personal_data import declare


class ErasedApplication(models.Model):
    """An application of somebody who was erased, as statistics count it: what it was to, how far
    it came. Neither who, nor when, so that it leads back to nobody."""

    intake = models.ForeignKey("catalogue.Intake", on_delete=models.PROTECT, related_name="+")
    dossier_status = models.CharField(max_length=20, choices=DossierStatus.choices)
    released_outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    answer = models.CharField(max_length=10, choices=CandidateAnswer.choices, blank=True)
    is_cancelled = models.BooleanField(default=False)

    class Meta:
        verbose_name = "erased application"

    def __str__(self) -> str:
        return f"#{self.pk}"


declare(ErasedApplication, neutral="id intake dossier_status released_outcome answer is_cancelled")

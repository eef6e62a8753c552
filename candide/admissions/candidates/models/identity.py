"""Identity, the claims on an INE, and what was typed but not yet valid."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candide.admissions.candidates.enums import Civility, IneState, Section
from candide.core.personal_data import declare
from candide.core.visibility import VisibleQuerySet


class Versioned(models.Model):
    """A row that a form saves: a save from a form shown at an older version is refused, unless
    all that was saved since came from the same window (`tab`), beginning at `tab_version`."""

    version = models.PositiveIntegerField(default=0)
    tab = models.CharField(max_length=64, blank=True, editable=False)
    tab_version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    def is_seen_from(self, *, version: int, tab: str) -> bool:
        """Whether whoever was shown `version` in the window `tab` knows what the row says now."""
        if self.version == version:
            return True
        return bool(tab) and self.tab == tab and version >= self.tab_version

    def advance(self, *, tab: str = "") -> None:
        """Make it the next version, saved from the window `tab`."""
        if not tab or self.tab != tab:
            self.tab, self.tab_version = tab, self.version
        self.version += 1


class CandidateQuerySet(VisibleQuerySet):
    def with_file(self) -> "CandidateQuerySet":
        """Join what the summary of a file shows."""
        return self.select_related(
            "user",
            "nationality",
            "birth_country",
            "birth_department",
            "address__country",
            "address__commune",
            "baccalaureate__series",
            "baccalaureate__honours",
            "baccalaureate__country",
            "baccalaureate__school",
        )


class Candidate(Versioned):
    """The person who applies (« candidat »): begins with the first save of « Informations
    personnelles ». Names, towns and INE are stored in capitals [FILE-PER-02]."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="candidate"
    )
    civility = models.CharField(_("civility"), max_length=4, choices=Civility.choices)
    birth_name = models.CharField(_("birth name"), max_length=100)
    usual_name = models.CharField(_("usual name"), max_length=100, blank=True)
    first_name = models.CharField(
        _("first name"),
        max_length=100,
        blank=True,
        help_text=_("Empty for people who have one name only."),
    )
    other_first_name = models.CharField(_("other first name"), max_length=100, blank=True)
    born_on = models.DateField(_("date of birth"))
    birth_country = models.ForeignKey(
        "reference.Country",
        verbose_name=_("country of birth"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    birth_department = models.ForeignKey(
        "reference.Department",
        verbose_name=_("département of birth"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    birth_commune = models.ForeignKey(
        "reference.Commune",
        verbose_name=_("commune of birth"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Where the town is known and the only one of its name in the département."),
    )
    birth_city = models.CharField(_("town of birth"), max_length=100)
    nationality = models.ForeignKey(
        "reference.Country",
        verbose_name=_("nationality"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    ine = models.CharField(_("INE"), max_length=11, blank=True)
    ine_state = models.CharField(
        max_length=10, choices=IneState.choices, default=IneState.NONE, editable=False
    )
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    mobile = models.CharField(_("mobile telephone"), max_length=20, blank=True)
    is_imported = models.BooleanField(
        default=False, help_text=_("Identity comes from the student system and is locked.")
    )
    student_number = models.CharField(
        _("student number"),
        max_length=30,
        blank=True,
        help_text=_("Under which the student system knows the person, once they proved it."),
    )
    looked_up_ine = models.CharField(max_length=11, blank=True, editable=False)
    proof_sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    documents_wanted_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text=_("Since when the student system is to be asked for the documents it holds."),
    )
    search_text = models.TextField(editable=False, default="")
    updated_at = models.DateTimeField(auto_now=True)

    objects = CandidateQuerySet.as_manager()

    class Meta:
        verbose_name = _("candidate")
        constraints = [
            models.UniqueConstraint(
                fields=["ine"],
                condition=Q(ine_state=IneState.CONFIRMED),
                name="candidate_ine_once",
            ),
            models.CheckConstraint(
                condition=Q(ine="", ine_state=IneState.NONE)
                | (~Q(ine="") & ~Q(ine_state=IneState.NONE)),
                name="candidate_ine_and_its_state",
            ),
        ]
        indexes = [
            models.Index(
                fields=["documents_wanted_at"],
                condition=Q(documents_wanted_at__isnull=False),
                name="candidate_documents_wanted",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """« NAME Firstname » as titles and lists show it."""
        return display_name(self.usual_name, self.birth_name, self.first_name)

    @property
    def ine_number(self) -> str:
        """The INE without its key: 9 characters when the key has two letters, 10 otherwise."""
        return self.ine[:-2] if self._has_two_letter_key else self.ine[:-1]

    @property
    def ine_key(self) -> str:
        return self.ine[-2:] if self._has_two_letter_key else self.ine[-1:]

    @property
    def _has_two_letter_key(self) -> bool:
        """FILE-INE-04."""
        return self.ine[:9].isdigit() and self.ine[9:].isalpha()


def display_name(usual_name: str, birth_name: str, first_name: str) -> str:
    """How somebody of these names is shown."""
    return f"{usual_name or birth_name} {first_name}".strip()


class IneClaim(models.Model):
    """Somebody typed an INE that another candidate holds: never blocks; staff decide."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="ine_claims")
    holder = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="+")
    ine = models.CharField(max_length=11)
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("INE claim")
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "ine"],
                condition=Q(settled_at=None),
                name="ine_claim_once",
            ),
        ]

    def __str__(self) -> str:
        return f"claim {self.pk}"


class SectionDraft(models.Model):
    """What was typed into a section and is not valid yet, kept so that nothing typed is lost."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="section_drafts"
    )
    section = models.CharField(max_length=20, choices=Section.choices)
    item = models.CharField(max_length=20, blank=True)
    values = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("draft of a section")
        constraints = [
            models.UniqueConstraint(fields=["user", "section", "item"], name="draft_once"),
        ]

    def __str__(self) -> str:
        return f"{self.section} {self.item}"


declare(
    Candidate,
    personal=(
        "user civility birth_name usual_name first_name other_first_name born_on birth_country "
        "birth_department birth_commune birth_city nationality ine phone mobile student_number "
        "looked_up_ine search_text"
    ),
    neutral=(
        "id version tab tab_version ine_state is_imported proof_sent_at documents_wanted_at "
        "updated_at"
    ),
)
declare(IneClaim, personal="candidate holder ine", neutral="id made_at settled_at")
declare(SectionDraft, personal="user values", neutral="id section item version updated_at")

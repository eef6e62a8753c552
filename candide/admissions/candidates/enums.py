from django.db import models
from django.utils.translation import gettext_lazy as _


class Section(models.TextChoices):
    """The seven parts of the file, in the order of the guides; also the resources of leases."""

    IDENTITY = "identity", _("Personal information")
    ADDRESS = "address", _("Address")
    BACCALAUREATE = "baccalaureate", _("Baccalaureate")
    INTERNAL_STUDIES = "internal_studies", _("Studies here")
    EXTERNAL_STUDIES = "external_studies", _("Studies elsewhere")
    INTERNSHIPS = "internships", _("Internships")
    WORK = "work", _("Work experience")


MANDATORY_SECTIONS = (Section.IDENTITY, Section.ADDRESS, Section.BACCALAUREATE)


class SectionState(models.TextChoices):
    """How far a section is; nothing stored."""

    COMPLETE = "complete", _("Complete")
    STARTED = "started", _("Begun, not saved yet")
    MANDATORY = "mandatory", _("To be filled in (mandatory)")
    OPTIONAL = "optional", _("Optional")


class Civility(models.TextChoices):
    MR = "M.", _("Mr")
    MRS = "Mme", _("Mrs")


class StudyResult(models.TextChoices):
    """Whether external studies led to their diploma (« obtenu »)."""

    OBTAINED = "obtained", _("Obtained")
    NOT_OBTAINED = "not_obtained", _("Not obtained")
    IN_PROGRESS = "in_progress", _("In progress")


class IneFormat(models.TextChoices):
    """Who issued an INE, which its shape tells."""

    BEA = "bea", _("school district (BEA)")
    SIFA = "sifa", _("apprentice (SIFA)")
    PROVISIONAL = "provisional", _("provisional (BEA)")
    BASE36 = "base36", _("university (NNE)")
    RNIE = "rnie", _("national register (RNIE)")


class IneState(models.TextChoices):
    """What is known of the INE a candidate typed."""

    NONE = "none", _("Not given")
    CLAIMED = "claimed", _("Claimed, held by somebody else")
    CONFIRMED = "confirmed", _("Held by this file")


class KeyKind(models.TextChoices):
    """What a search key is: words may be typed with a slip, codes may be typed in part, shared
    facts are for finding duplicates."""

    WORD = "word", _("word of a name")
    CODE = "code", _("number, address or date")
    MATCH = "match", _("fact that duplicates share")


class SameReason(models.TextChoices):
    """Why two accounts may be one person's."""

    INE = "ine", _("same INE")
    BIRTH = "birth", _("same date of birth and similar name")
    MAIL = "mail", _("same e-mail address but for capitals and dots")
    PHONE = "phone", _("same telephone and similar name")


class MissedKind(models.TextChoices):
    """What the student system is still to be asked."""

    RECORD = "record", _("who the institution signed in")
    INE = "ine", _("whose the INE is")
    INE_CHECK = "ine_check", _("whether the INE exists")
    STUDIES = "studies", _("studies here")


class CandidateEvent(models.TextChoices):
    """What the history says of a file."""

    SECTION_SAVED = "candidates.section_saved", _("Section saved")
    ITEM_DELETED = "candidates.item_deleted", _("Line of a section deleted")
    IMPORTED = "candidates.imported", _("Imported from the student system")
    FETCHED_LATER = "candidates.fetched_later", _("Student system asked later, once it answered")
    IMPORT_REMOVED = "candidates.import_removed", _("Imported data removed")
    INE_CLAIMED = "candidates.ine_claimed", _("INE claimed that somebody else holds")
    PROOF_SENT = "candidates.proof_sent", _("Proof of being a student asked for by mail")
    SECTION_RELEASED = "candidates.section_released", _("Released the lock of a section")
    DECLARED_DISTINCT = "candidates.declared_distinct", _("Declared to be two people")
    MERGED = "candidates.merged", _("Merged another account into this one")
    MERGED_AWAY = "candidates.merged_away", _("Merged into another account")

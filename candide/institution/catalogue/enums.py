from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AdmissionRoute(models.TextChoices):
    """How an application is treated (« type de traitement »); never shown to candidates."""

    UNDETERMINED = "undetermined", _("Undetermined")
    DIRECT = "direct", _("Direct access")
    CONTROLLED = "controlled", _("Controlled access")


class CheckMode(models.TextChoices):
    """What a failed check of an INE does."""

    OFF = "off", _("Not checked")
    WARN = "warn", _("Warn")
    REFUSE = "refuse", _("Refuse")


class RankDisplay(models.TextChoices):
    """Which rank of the reserve list candidates see (« mode d'affichage du rang »)."""

    NONE = "none", _("None")
    TYPED = "typed", _("Rank typed by the commission")
    CURRENT = "current", _("Current rank")


class SecondFactorDemand(models.TextChoices):
    """Who has to have a second factor to come in."""

    NOBODY = "nobody", _("Nobody has to")
    ADMINISTRATORS = "administrators", _("Administrators")
    STAFF = "staff", _("All staff")


class CatalogueGrouping(models.TextChoices):
    """The second level of the catalogue (« mode type de formation »)."""

    NONE = "none", _("No grouping")
    DIPLOMA = "diploma", _("By type of diploma")
    KIND = "kind", _("By kind of programme")


class CopyMode(models.TextChoices):
    """Who at the centre gets a copy of mails to candidates [MAIL-03]."""

    NONE = "none", _("Nobody")
    MAILBOX = "mailbox", _("The centre’s mailbox")
    MANAGERS = "managers", _("Every manager of the centre")


class AlertMode(models.TextChoices):
    """Who of the commission is alerted."""

    NONE = "none", _("Nobody")
    MAILBOX = "mailbox", _("The alert mailbox")
    MEMBERS = "members", _("Every member")


class LetterMode(models.TextChoices):
    """Whether admission and refusal letters are given, and how [back-office 25.2]."""

    NONE = "none", _("No letters")
    DOWNLOAD = "download", pgettext_lazy("letters", "Download")
    MAIL = "mail", pgettext_lazy("letters", "Mail")
    BOTH = "both", _("Download and mail")


class OfferState(models.TextChoices):
    """How a programme stands against a campaign, as those who set it up see it."""

    SOUND = "sound", _("In order")
    OUTSIDE = "outside", _("Dates outside the campaign")
    NO_CAMPAIGN = "no_campaign", _("Campaign not in service")
    CLOSED = "closed", pgettext_lazy("state of a programme", "Out of service")
    NOT_OPENED = "not_opened", _("Not opened in this campaign")


class CampaignState(models.TextChoices):
    """Where a campaign stands on a day."""

    PLANNED = "planned", pgettext_lazy("campaign", "Planned")
    AHEAD = "ahead", pgettext_lazy("campaign", "Not begun")
    RUNNING = "running", pgettext_lazy("campaign", "Under way")
    OVER = "over", pgettext_lazy("campaign", "Over, not archived")
    ARCHIVED = "archived", pgettext_lazy("campaign", "Archived")
    DESTROYED = "destroyed", pgettext_lazy("campaign", "Destroyed, figures kept")


class CampaignEvent(models.TextChoices):
    """What happens to a campaign beside changes of its fields."""

    SWITCHED_TO = "campaign.switched_to", _("Put in service at its moment")
    ARCHIVED = "campaign.archived", _("Archived with its applications")
    ASKED_NOW = "campaign.asked_now", _("Asked to be done without waiting")
    ANNOUNCED = "campaign.announced", _("Destruction announced to administrators")
    DESTRUCTION_BEGUN = "campaign.destruction_begun", _("Destruction begun, figures kept")
    DESTROYED = "campaign.destroyed", _("Applications destroyed")


class CopyOutcome(models.TextChoices):
    """What becomes of an intake when a campaign is duplicated into another."""

    MADE = "made", _("Will be made")
    EXISTS = "exists", _("Exists already")
    LEFT = "left", _("Left out: out of service")


class Period(models.TextChoices):
    """Where today stands in the period of applying to an intake."""

    SOON = "soon", _("Opening soon")
    OPEN = "open", _("Open now")
    CLOSED = "closed", _("Closed")


class TacitReference(models.TextChoices):
    """From which day the silence of the university is counted (« silence vaut acceptation »)."""

    NONE = "", _("None: nothing is marked")
    CREATED = "created", _("Application")
    TRANSMITTED = "transmitted", _("Transmission")
    RECEIVED = "received", _("Reception")
    COMPLETE = "complete", _("Dossier complete")
    INCOMPLETE = "incomplete", _("Dossier declared incomplete")
    ANSWERED = "answered", _("Answer of the candidate")


class TacitTone(models.TextChoices):
    """How a threshold looks; each has enough contrast in the light and in the dark scheme."""

    NEUTRAL = "neutral", _("Grey")
    INFO = "info", _("Blue")
    SUCCESS = "success", _("Green")
    WARNING = "warning", _("Orange")
    DANGER = "danger", _("Red")


class HandoverMoment(models.TextChoices):
    """When somebody is handed over to the student system."""

    CONFIRMATION = "confirmation", _("When they confirm")
    ADMISSION = "admission", _("When they are admitted, before they answer")


class ServiceMode(models.TextChoices):
    """Whether people may use the service."""

    OPEN = "open", pgettext_lazy("service", "Open")
    READ_ONLY = "read_only", pgettext_lazy("service", "Read only")
    MAINTENANCE = "maintenance", pgettext_lazy("service", "In maintenance")

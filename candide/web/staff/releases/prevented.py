"""Why the worker could not do a release at its hour, for people."""

from django.utils.translation import gettext_lazy as _

from candide.admissions.releases.models import Release

SENTENCES = {
    "not_agreed": _("A second person had not agreed to it."),
    "other_day": _("Its day had passed: prepare it again for another one."),
    "not_allowed": _("Who planned it may not release these decisions any more."),
    "not_prepared": _("It was not prepared."),
    "nothing_prepared": _("No decision of it could be prepared."),
    "failed": _("An unexpected error: nothing was released. Support finds it in the log."),
}


def sentences_of(release: Release) -> list[str]:
    """What kept it from being done, in words."""
    return [str(SENTENCES.get(code, code)) for code in release.prevented_by]

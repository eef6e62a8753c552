"""The whole import, in the order in which things need each other."""

from django.db import transaction
from django.utils.translation import gettext as _

from candide.migration.bringing import Bringing, Kind, bring
from candide.migration.kinds import decisions, organisation, pages, requirements, rights
from candide.migration.kinds.parameters import bring_parameters

SETTING_UP: tuple[type[Kind], ...] = (
    organisation.Campaigns,
    organisation.Centres,
    decisions.Mails,
    decisions.DecisionTypes,
    decisions.Reasons,
    decisions.Tags,
    decisions.Thresholds,
    organisation.CentreAutomatics,
    organisation.ProgrammeKinds,
    organisation.Commissions,
    organisation.Programmes,
    organisation.Openings,
    requirements.Documents,
    requirements.Questions,
    requirements.Forms,
    pages.FaqEntries,
    pages.Notices,
    rights.Roles,
    rights.People,
    rights.Rights,
)


@transaction.atomic
def bring_everything(run: Bringing) -> None:
    """What is set up there, all of it or nothing; a dry run does it and takes it back."""
    _set_up(run)
    if run.is_dry_run:
        transaction.set_rollback(True)


def _set_up(run: Bringing) -> None:
    run.say(_("Parameters…"))
    bring_parameters(run)
    for kind in SETTING_UP:
        run.say(f"{kind.title}…")
        bring(run, kind)

"""The whole import, in the order in which things need each other."""

from django.db import transaction
from django.utils.translation import gettext as _

from candide.migration.bringing import Bringing, Kind, bring
from candide.migration.files import bring_files
from candide.migration.kinds import (
    applications,
    decisions,
    organisation,
    pages,
    people,
    requirements,
    rights,
)
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


def bring_everything(run: Bringing, *, with_candidates: bool = False) -> None:
    """What is set up, all of it or nothing; then, if wanted, candidates and their archived
    applications, a batch at a time, so that a run that was cut off goes on where it was; files
    last. A dry run does it all and takes it back."""
    with transaction.atomic():
        _set_up(run)
        if run.is_dry_run:
            _follow(run, with_candidates=with_candidates)
            transaction.set_rollback(True)
    if not run.is_dry_run:
        run.report.is_kept = True
        _follow(run, with_candidates=with_candidates)


def _set_up(run: Bringing) -> None:
    run.say(_("Parameters…"))
    bring_parameters(run)
    for kind in SETTING_UP:
        run.say(f"{kind.title}…")
        bring(run, kind)


def _follow(run: Bringing, *, with_candidates: bool) -> None:
    if with_candidates:
        run.say(_("File numbers…"))
        people.bring_file_numbers(run)
        for kind in (*people.ALL, *applications.ALL):
            run.say(f"{kind.title}…")
            bring(run, kind)
    run.say(_("Files…"))
    bring_files(run, with_candidates=with_candidates)

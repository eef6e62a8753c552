"""A worker process killed in the midst of an export: the next one goes on with the dossiers that
were drawn, and everything is in the file once."""

import zipfile
from datetime import timedelta

from django.utils import timezone

from candide.foundation.downloads.enums import DownloadState
from candide.foundation.downloads.models import Download, DownloadPart
from candide.institution.access.domain.roles import create_starter_roles
from candide.institution.access.models import Assignment
from candide.institution.catalogue.models import Institution
from candide.reporting.exports.domain.dossiers import DOSSIERS, ask_files
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.candidates import CandidateFactory
from tests.factories.catalogue import IntakeFactory
from tests.faults.installation import wait_until

ROWS, ENOUGH = 12, 4


def dossiers_asked_for():
    Institution.current()
    ada = UserFactory(staff=True)
    Assignment.objects.create(user=ada, role=create_starter_roles()["administrator"])
    intake = IntakeFactory(open=True)
    rows = [
        ApplicationFactory(intake=intake, candidate=CandidateFactory(complete=True))
        for _number in range(ROWS)
    ]
    return ask_files(
        [row.pk for row in rows], DOSSIERS, pattern="{application}", by=ada, now=timezone.now()
    )


def state_of(download):
    return Download.objects.get(pk=download.pk).state


def test_dossiers_of_many_killed_half_way_are_all_in_the_archive_once(installation):
    with installation.database():
        download = dossiers_asked_for()
        worker = installation.start("worker", CANDIDE_SEND_MAILS="0")
        wait_until(lambda: DownloadPart.objects.count() >= ENOUGH, worker.said())
        worker.kill()
        two_minutes_ago = timezone.now() - timedelta(seconds=1)
        Download.objects.exclude(claim=None).update(leased_until=two_minutes_ago)

        last = installation.start("worker", CANDIDE_SEND_MAILS="0")
        wait_until(lambda: state_of(download) == DownloadState.READY, last.said())
        last.stop()

        made = Download.objects.get(pk=download.pk)
        (place,) = installation.folder.rglob(made.file.key)
        with zipfile.ZipFile(place) as archive:
            names = archive.namelist()
        assert sorted(names) == sorted(f"{pk}.pdf" for pk in made.subjects)
        assert len(made.subjects) == ROWS
        # Every dossier is a file, and so is the archive; one may have been under way.
        assert made.file_id <= ROWS + 2

"""The pages of who runs the service."""

from datetime import timedelta

from candide.foundation.jobs.domain.schedule import schedules
from tests.admissions.conftest import NOW
from tests.browser.states.staff import TODAY_PAGE, administrator
from tests.browser.states.state import State
from tests.factories.jobs import JobRunFactory, WorkerBeatFactory

JOBS = "/gestion/parametrage/traitements/"
ADMIN = {"actor": administrator}


def worked():
    """A job that ran, one that failed, one that runs."""
    schedules(now=NOW - timedelta(days=9))
    WorkerBeatFactory(seen_at=NOW)
    JobRunFactory(job="remind-answers", done=True, counts={"done": 12, "refused": 1})
    JobRunFactory(job="clean-files", failed=True)
    JobRunFactory(job="make-letters", total=40, progress=12)


STATES = [
    State("staff-today-job-troubles", TODAY_PAGE, setup=worked, **ADMIN),
    State("staff-jobs", JOBS, setup=worked, **ADMIN),
    State("staff-job-failed", f"{JOBS}clean-files/", setup=worked, **ADMIN),
    State("staff-job-running", f"{JOBS}make-letters/", setup=worked, **ADMIN),
    State("staff-job-destroys", f"{JOBS}auto-withdraw/", **ADMIN),
    State(
        "staff-job-plan-refused",
        f"{JOBS}clean-files/programmation/",
        post={"how": "minutes", "minutes": "2"},
        status=422,
        **ADMIN,
    ),
]

"""Every page that lists takes the same number of queries for 1 row and for 3, and never more than
15. The catalogue, assistance, the sections of the file, the grid and the demonstration have theirs
beside their other tests."""

from typing import Any

import pytest
from django.test import Client

from candide.admissions.applications.models import Application
from candide.institution.access.domain.roles import create_starter_roles
from candide.institution.access.models import Assignment
from candide.institution.catalogue.models import Institution
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.candidates import (
    CandidateFactory,
    ExternalStudiesFactory,
    InternshipFactory,
    WorkExperienceFactory,
)
from tests.factories.handover import PreEnrolmentFactory, SystemReportFactory
from tests.factories.mails import OutgoingMailFactory
from tests.factories.releases import ReleaseFactory, ReleaseRowFactory
from tests.factories.requirements import DocumentRequirementFactory, QuestionFactory
from tests.factories.runs import RunFactory, RunItemFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def alix_with(count: int) -> Any:
    """Alix, who has `count` applications and of everything in the file as many."""
    alix = CandidateFactory(complete=True)
    DocumentRequirementFactory(common=True)
    QuestionFactory(common=True)
    for _number in range(count):
        ApplicationFactory(candidate=alix)
        for factory in (ExternalStudiesFactory, InternshipFactory, WorkExperienceFactory):
            factory(candidate=alix)
    return alix.user


def ada_with(count: int) -> Any:
    """Ada, who administers `count` applications to as many centres, and mails."""
    ada = UserFactory(staff=True)
    Assignment.objects.create(user=ada, role=create_starter_roles()["administrator"])
    for _number in range(count):
        ApplicationFactory(transmitted=True)
        OutgoingMailFactory()
    return ada


def bao_with(count: int) -> Any:
    """Bao, who manages the centre that `count` candidates apply to."""
    first = ApplicationFactory(transmitted=True)
    for _number in range(count - 1):
        ApplicationFactory(transmitted=True, intake=first.intake)
    bao = UserFactory(staff=True)
    centre = first.intake.programme.commission.centre
    Assignment.objects.create(user=bao, role=create_starter_roles()["manager"], centre=centre)
    return bao


def runs_of_bao(count: int) -> Any:
    """Bao, who asked for `count` actions for many applications."""
    bao = bao_with(1)
    for _number in range(count):
        RunItemFactory(run=RunFactory(done=True, asked_by=bao, values={"action": "statut"}))
    return bao


def releases_of_bao(count: int) -> Any:
    """Bao, who prepared `count` releases, and has as many drafts to release."""
    bao = bao_with(count)
    programme = Application.objects.all()[0].intake.programme
    Application.objects.update(has_draft_decision=True, has_any_decision=True)
    for _number in range(count):
        release = ReleaseFactory(created_by=bao)
        release.programmes.add(programme)
        ReleaseRowFactory(release=release)
    return bao


def hand_overs_of_ada(count: int) -> Any:
    """Ada, and `count` people handed over to the student system, with as many reports."""
    for _number in range(count):
        PreEnrolmentFactory()
        SystemReportFactory()
    return ada_with(1)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("address", "person_with", "queries"),
    [
        ("/espace/", alix_with, 14),
        ("/espace/candidatures/", alix_with, 6),
        ("/espace/dossier/", alix_with, 6),
        ("/espace/dossier/cursus-externe/", alix_with, 9),
        ("/gestion/", ada_with, 12),
        ("/gestion/", bao_with, 8),
        ("/gestion/candidatures/", bao_with, 8),
        ("/gestion/mails/", ada_with, 7),
        ("/gestion/remontee/", hand_overs_of_ada, 9),
        ("/gestion/remontee/rapports/", hand_overs_of_ada, 6),
        ("/gestion/actions/", runs_of_bao, 8),
        ("/gestion/publications/", releases_of_bao, 9),
        ("/assistance/", alix_with, 4),
        ("/offre/", alix_with, 8),
    ],
)
def test_list_takes_constant_queries(
    address, person_with, queries, count, django_assert_num_queries
):
    Institution.current()
    client = Client()
    client.force_login(person_with(count))
    assert client.get(address).status_code == 200

    with django_assert_num_queries(queries):
        client.get(address)


@pytest.mark.parametrize("count", [1, 3])
def test_release_takes_constant_queries(count, django_assert_num_queries):
    bao = bao_with(1)
    release = ReleaseFactory(created_by=bao)
    release.programmes.add(Application.objects.get().intake.programme)
    ReleaseRowFactory.create_batch(count, release=release)
    ReleaseRowFactory.create_batch(count, release=release, state="waiting", fingerprint="")
    Institution.current()
    client = Client()
    client.force_login(bao)

    with django_assert_num_queries(19):
        response = client.get(f"/gestion/publications/{release.pk}/")

    assert response.status_code == 200

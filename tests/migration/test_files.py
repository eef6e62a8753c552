"""The files eCandidat keeps beside its database."""

import pytest
from django.core.management import CommandError

from candide.admissions.applications.models import DocumentVersion
from candide.foundation.files.models import StoredFile
from candide.institution.catalogue.models import Commission
from candide.institution.requirements.models import DocumentRequirement
from tests.factories import samples
from tests.factories.reference import CountryFactory, DepartmentFactory
from tests.migration import people as p
from tests.migration import university as u

pytestmark = pytest.mark.django_db


@pytest.fixture
def folders(tmp_path):
    """Those of candidates and of staff."""
    found = tmp_path / "candidats", tmp_path / "gestionnaires"
    for folder in found:
        folder.mkdir()
    return found


@pytest.fixture
def options(folders):
    candidates, managers = folders
    return (
        "--with-candidates",
        f"--candidate-files={candidates}",
        f"--manager-files={managers}",
    )


@pytest.fixture
def application(source):
    CountryFactory(france=True)
    DepartmentFactory(code="45")
    campaign = u.past_campaign(source)
    programme = u.programme(source, u.commission(source, u.centre(source)))
    candidate = p.candidate(source, p.account(source, campaign))
    return p.application(source, candidate, programme)


def test_files_are_stored_where_they_are_used(application, source, folders, options, bring):
    candidates, managers = folders
    (candidates / "2026").mkdir()
    (candidates / "2026" / "cv.pdf").write_bytes(samples.pdf())
    (managers / "S_1.png").write_bytes(samples.image("PNG"))
    (managers / "G_1.pdf").write_bytes(samples.pdf(text="Modèle"))
    cv = p.file(source, "2026/cv.pdf")
    template = p.file(source, "G_1.pdf", typ_fichier="G")
    signature = p.file(source, "S_1.png", typ_fichier="G")
    source.run("UPDATE commission SET id_fichier = %s", [signature])
    document = source.put("piece_justif", cod_pj="CV", lib_pj="CV", id_fichier=template)
    p.given(source, application, document, id_fichier=cv)

    trial = bring("--dry-run", *options)
    outcome = bring(*options)

    version = DocumentVersion.objects.get()
    assert (version.file.name, version.file.media_type) == ("cv.pdf", "application/pdf")
    assert Commission.objects.get().signature.media_type == "image/png"
    assert DocumentRequirement.objects.get().template_file.name == "G_1.pdf"
    assert outcome.numbers["Fichiers"] == [3, 3, 0, 0, 0]
    assert trial.numbers == outcome.numbers
    assert "Fichiers" not in bring(*options).numbers  # each has its file
    assert StoredFile.objects.count() == 3


def test_files_that_cannot_be_had_are_reported(application, source, folders, options, bring):
    candidates, _managers = folders
    (candidates / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    (candidates.parent / "secret.pdf").write_bytes(samples.pdf())
    paths = {
        "missing": p.file(source, "away.pdf"),
        "broken": p.file(source, "broken.pdf"),
        "outside": p.file(source, "../secret.pdf"),
        "server": p.file(source, "workspace://1", typ_stockage_fichier="C"),
        "unknown": 4711,
    }
    for place, key in enumerate(paths.values()):
        document = source.put("piece_justif", cod_pj=f"D{place}", lib_pj="D")
        p.given(source, application, document, id_fichier=key)

    outcome = bring(*options)

    assert not StoredFile.objects.exists()
    assert DocumentVersion.objects.filter(file=None).count() == 5
    reasons = {said[0]: said[2] for said in outcome.said("Fichiers")}
    assert reasons[str(paths["missing"])] == "Le fichier manque."
    assert reasons[str(paths["outside"])] == "Son chemin mène hors du dossier."
    assert "serveur de contenu" in reasons[str(paths["server"])]
    assert set(reasons) == {str(key) for key in paths.values()}


def test_without_folders_files_are_reported(application, source, bring):
    document = source.put("piece_justif", cod_pj="CV", lib_pj="CV")
    p.given(source, application, document, id_fichier=p.file(source, "cv.pdf"))

    outcome = bring("--with-candidates")

    assert outcome.numbers["Fichiers"] == [1, 0, 0, 0, 1]


def test_folder_that_is_none_is_refused(source, bring, tmp_path):
    with pytest.raises(CommandError, match="dossier"):
        bring(f"--candidate-files={tmp_path / 'nowhere'}")

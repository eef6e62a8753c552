from django.urls import path, register_converter

from candide.admissions.candidates.enums import Section
from candide.web.candidate.file import identity, lists, pages, student

SLUGS = {
    Section.IDENTITY: "informations-personnelles",
    Section.ADDRESS: "adresse",
    Section.BACCALAUREATE: "baccalaureat",
    Section.INTERNAL_STUDIES: "cursus-interne",
    Section.EXTERNAL_STUDIES: "cursus-externe",
    Section.INTERNSHIPS: "stages",
    Section.WORK: "experiences-professionnelles",
}


class SectionConverter:
    """A section by its French name."""

    regex = "|".join(SLUGS.values())

    def to_python(self, value: str) -> Section:
        return next(section for section, slug in SLUGS.items() if slug == value)

    def to_url(self, value: str) -> str:
        return SLUGS[Section(value)]


register_converter(SectionConverter, "section")

IDENTITY = SLUGS[Section.IDENTITY]

urlpatterns = [
    path("", pages.overview, name="file"),
    path("donnees-importees/supprimer/", student.remove, name="import_remove"),
    path("donnees-importees/actualiser/", student.refresh, name="import_refresh"),
    path("etudiant/", student.certify, name="student_certify"),
    path("etudiant/ine-connu/", student.found, name="student_found"),
    path("etudiant/ine-inconnu/", student.ine_unknown, name="ine_unknown"),
    path("etudiant/preuve/<str:token>/", student.proof, name="student_proof"),
    path(f"{IDENTITY}/etat-civil/", identity.civil_status, name="civil_status"),
    path(f"{IDENTITY}/modifier/", identity.nationality, name="nationality"),
    path("<section:section>/", pages.section_page, name="section"),
    path("<section:section>/modifier/", pages.section_edit, name="section_edit"),
    path("<section:section>/nouveau/", pages.item_new, name="item_new"),
    path("<section:section>/<int:pk>/", pages.item_edit, name="item_edit"),
    path("<section:section>/<int:pk>/supprimer/", lists.item_delete, name="item_delete"),
    path("<section:section>/abandonner/", pages.drop, name="draft_drop"),
]

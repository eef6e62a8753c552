from django.urls import path

from candide.admissions.candidates.enums import Section
from candide.web.candidate.file import identity, lists, pages, student
from candide.web.shared.file.sections import SLUGS

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

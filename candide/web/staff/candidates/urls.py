from django.urls import path

from candide.web.shared.file import sections  # noqa: F401 -- registers <section:…>
from candide.web.staff.candidates import (
    account,
    applying,
    duplicates,
    erasing,
    file,
    from_sis,
    locks,
    page,
    search,
)

urlpatterns = [
    path("candidats/", search.search, name="candidates"),
    path("candidats/nouveau/", account.open_new, name="candidate_new"),
    path("candidats/<int:pk>/", page.candidate_page, name="candidate"),
    path("candidats/<int:pk>/effacer/", erasing.erase_candidate, name="candidate_erase"),
    path(
        "candidats/<int:pk>/si-scolarite/",
        from_sis.from_student_system,
        name="candidate_from_sis",
    ),
    path("candidats/<int:pk>/compte/", account.change, name="candidate_account"),
    path("candidats/<int:pk>/compte/adresse/", account.address, name="candidate_address"),
    path("candidats/<int:pk>/compte/lien/", account.send_link_again, name="candidate_link"),
    path("candidats/<int:pk>/compte/supprimer/", account.delete, name="candidate_delete"),
    path("candidats/<int:pk>/compte/<slug:act>/", account.ask, name="candidate_ask"),
    path(
        "candidats/<int:pk>/dossier/informations-personnelles/",
        file.identity,
        name="candidate_identity",
    ),
    path("candidats/<int:pk>/dossier/<section:section>/", file.section, name="candidate_section"),
    path(
        "candidats/<int:pk>/dossier/<section:section>/nouveau/",
        file.item_new,
        name="candidate_item_new",
    ),
    path(
        "candidats/<int:pk>/dossier/<section:section>/<int:item>/", file.item, name="candidate_item"
    ),
    path(
        "candidats/<int:pk>/dossier/<section:section>/<int:item>/supprimer/",
        file.item_delete,
        name="candidate_item_delete",
    ),
    path(
        "candidats/<int:pk>/dossier/<section:section>/verrou/", file.unlock, name="candidate_unlock"
    ),
    path("candidats/<int:pk>/candidater/", applying.choose_programme, name="candidate_apply"),
    path(
        "candidats/<int:pk>/candidater/<int:intake>/", applying.confirm, name="candidate_apply_to"
    ),
    path("candidater/<int:pk>/", applying.choose_candidate, name="apply_for"),
    path("doublons/", duplicates.duplicate_list, name="duplicates"),
    path("doublons/<int:pk>/", duplicates.duplicate, name="duplicate"),
    path("parametrage/verrous/", locks.lock_list, name="locks"),
    path("parametrage/verrous/liberer/", locks.lock_release_all, name="locks_release"),
    path("parametrage/verrous/<int:pk>/liberer/", locks.lock_release, name="lock_release"),
]

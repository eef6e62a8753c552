"""Addresses of the rights."""

from django.urls import path

from candide.web.staff.rights import checking, directory, many, news, people, right, roles

urlpatterns = [
    path("parametrage/profils/", roles.role_list, name="roles"),
    path("parametrage/profils/nouveau/", roles.new_role, name="role_new"),
    path("parametrage/profils/nouveautes/", news.new_capabilities_page, name="roles_news"),
    path("parametrage/profils/<int:pk>/", roles.role_page, name="role"),
    path("parametrage/profils/<int:pk>/service/", roles.switch, name="role_service"),
    path("parametrage/profils/<int:pk>/supprimer/", roles.delete_role, name="role_delete"),
    path("parametrage/personnes/", people.person_list, name="people"),
    path("parametrage/personnes/annuaire/", directory.search_page, name="people_directory"),
    path("parametrage/personnes/nouveau/", people.new_person, name="person_new"),
    path("parametrage/personnes/centre/", many.give_to_centre, name="people_of_centre"),
    path("parametrage/personnes/<int:pk>/", people.person_page, name="person"),
    path("parametrage/personnes/<int:pk>/compte/", people.account, name="person_account"),
    path("parametrage/personnes/<int:pk>/inviter/", people.invite_again, name="person_invite"),
    path("parametrage/personnes/<int:pk>/droits/nouveau/", people.new_right, name="right_new"),
    path("parametrage/droits/verifier/", checking.check, name="rights_check"),
    path("parametrage/droits/<int:pk>/", right.right_page, name="right"),
]

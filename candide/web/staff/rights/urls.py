"""Addresses of the rights."""

from django.urls import path

from candide.web.staff.rights import roles

urlpatterns = [
    path("parametrage/profils/", roles.role_list, name="roles"),
    path("parametrage/profils/nouveau/", roles.new_role, name="role_new"),
    path("parametrage/profils/<int:pk>/", roles.role_page, name="role"),
    path("parametrage/profils/<int:pk>/service/", roles.switch, name="role_service"),
    path("parametrage/profils/<int:pk>/supprimer/", roles.delete_role, name="role_delete"),
]

"""The pages of accounts. Their names are global, because django-allauth leads to some of them; of
its own pages only the return from the institution and the second step of signing in are routed."""

from allauth.mfa.base.views import authenticate
from django.urls import path

from candide.web.public.account import (
    again,
    creation,
    email,
    overview,
    passkeys,
    password,
    second_factor,
    sign_in,
    sso,
)

urlpatterns = [
    path("", overview.overview, name="account_overview"),
    path("langue/", overview.language, name="set_language"),
    path("deconnexion-partout/", overview.sign_out_everywhere, name="account_sign_out_everywhere"),
    path("connexion/", sign_in.sign_in, name="account_login"),
    path("connexion/code/", authenticate, name="mfa_authenticate"),
    path("connexion/non-active/", sign_in.not_active, name="account_not_active"),
    path("connexion/hors-service/", sign_in.closed, name="account_closed"),
    path("confirmer/", again.again, name="account_again"),
    path("confirmer/suite/", again.go_on, name="account_again_go_on"),
    path("deconnexion/", sign_in.sign_out, name="account_logout"),
    path("creer/", creation.create, name="account_signup"),
    path("creer/mail-envoye/", creation.sent, name="account_sent"),
    path("activation/", creation.resend, name="account_resend"),
    path("activation/mail-envoye/", creation.resent, name="account_resent"),
    path("activation/<str:secret>/", creation.activation, name="account_activate"),
    path("identifiants-oublies/", password.forgotten, name="account_reset_password"),
    path(
        "identifiants-oublies/mail-envoye/",
        password.identifiers_sent,
        name="account_identifiers_sent",
    ),
    path("mot-de-passe/", password.change, name="account_change_password"),
    path("mot-de-passe/<str:secret>/", password.choose, name="account_choose_password"),
    path("adresse-mail/", email.change, name="account_email"),
    path("adresse-mail/garder/", email.forget, name="account_forget_email_change"),
    path("adresse-mail/<str:secret>/", email.validation, name="account_validate_email"),
    path("universite/", sso.start, name="account_sso_start"),
    path("universite/par/<slug:name>/", sso.start, name="account_sso_through"),
    path("universite/cas/<slug:name>/", sso.cas_return, name="account_cas_return"),
    path("universite/retour/<slug:provider_id>/", sso.oidc_return, name="openid_connect_callback"),
    path("universite/fin/<slug:name>/", sso.oidc_ended, name="account_oidc_ended"),
    path("universite/echec/", sso.failed, name="account_sso_failed"),
    path("universite/creer/", sso.arrival, name="account_sso_arrival"),
    path("universite/rattacher/", sso.link, name="account_sso_link"),
    path("universite/deconnexion/<slug:name>/", sso.signed_out, name="account_sso_signed_out"),
    path("universite/deconnexion/<slug:name>/suite/", sso.end, name="account_sso_end"),
    path("second-facteur/", second_factor.overview, name="mfa_index"),
    path("second-facteur/activer/", second_factor.on, name="account_second_factor_on"),
    path("second-facteur/desactiver/", second_factor.off, name="account_second_factor_off"),
    path("second-facteur/codes/", second_factor.new_codes, name="account_recovery_codes"),
    path("second-facteur/cles/ajouter/", passkeys.new, name="account_passkey_new"),
    path("second-facteur/cles/<int:pk>/", passkeys.remove, name="account_passkey_remove"),
]

"""Who signs people in, as the environment names them."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from environs import Env

from candide.config import providers
from candide.config.providers import USUAL, allauth_apps, named_providers


@pytest.fixture
def named(monkeypatch):
    """`named(URL="…")`: the providers where « a » has these variables."""
    monkeypatch.setattr(providers, "env", Env(prefix="CANDIDE_"))

    def read(**told):
        values = {"LABEL": "CAS A", "URL": "https://cas.univ.example/cas/", **told}
        monkeypatch.setenv("CANDIDE_SIGN_IN", "a")
        for name, value in values.items():
            monkeypatch.setenv(f"CANDIDE_SIGN_IN_A_{name}", value)
        return named_providers()

    return read


def test_cas_server_needs_a_label_and_an_address_alone(named):
    assert named() == [
        {
            "name": "a",
            "kind": "cas",
            "label": "CAS A",
            "url": "https://cas.univ.example/cas/",
            "audience": ["candidates", "staff"],
            "version": "3",
            "client_id": "",
            "client_secret": "",
            "names": USUAL["cas"],
        }
    ]


def test_attributes_are_mapped_one_by_one(named):
    found = named(LOGIN_ATTRIBUTE="uid", EMAIL_ATTRIBUTE="supannAutreMail", CAS_VERSION="2")

    assert found[0]["names"] == {**USUAL["cas"], "login": "uid", "email": "supannAutreMail"}
    assert found[0]["version"] == "2"


def test_openid_provider_is_told_to_allauth(named):
    found = named(KIND="oidc", CLIENT_ID="candide", CLIENT_SECRET="secret", FOR="staff")

    assert found[0]["audience"] == ["staff"]
    assert found[0]["names"] == USUAL["oidc"]
    assert allauth_apps("cas", found) == []
    assert allauth_apps("oidc", found) == [
        {
            "provider_id": "a",
            "name": "CAS A",
            "client_id": "candide",
            "secret": "secret",
            "settings": {"server_url": "https://cas.univ.example/cas/", "version": "3"},
        }
    ]


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"URL": "cas.univ.example"}, "_URL is missing"),
        ({"URL": "http://cas.univ.example/"}, "not of https"),
        ({"LABEL": ""}, "_LABEL is missing"),
        ({"FOR": "everybody"}, "give candidates, staff, or both"),
        ({"KIND": "oidc"}, "needs CANDIDE_SIGN_IN_A_CLIENT_ID"),
    ],
)
def test_what_is_missing_is_said(named, told, sentence):
    with pytest.raises(ImproperlyConfigured, match=sentence):
        named(**told)


def test_cas_needs_its_library(named, monkeypatch):
    monkeypatch.setattr(providers, "find_spec", lambda name: None)

    with pytest.raises(ImproperlyConfigured, match="needs the extra cas"):
        named()


@pytest.mark.parametrize("names", ["CAS-1", "a,a", "institution", "1a"])
def test_names_are_words_of_their_own(monkeypatch, names):
    monkeypatch.setattr(providers, "env", Env(prefix="CANDIDE_"))
    monkeypatch.setenv("CANDIDE_SIGN_IN", names)

    with pytest.raises(ImproperlyConfigured, match="no name of a provider"):
        named_providers()

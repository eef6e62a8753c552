import pytest

from candide.core import visibility
from candide.institution.accounts.models import User


@pytest.fixture
def registry(monkeypatch):
    monkeypatch.setattr(visibility, "_narrowings", {})


def alix_only(queryset, user):
    return queryset.filter(email=f"{user}@example.org")


@pytest.mark.django_db
def test_visible_to_narrows_as_registered(registry):
    visibility.visibility(User)(alix_only)
    alix = User.objects.create_user("alix@example.org")
    User.objects.create_user("bao@example.org")

    assert list(User.objects.all().visible_to("alix")) == [alix]
    assert visibility.registered_models() == [User]


def test_a_model_nobody_registered_is_an_error(registry):
    with pytest.raises(LookupError, match="User has no registered visibility"):
        visibility.visible(User.objects.all(), "alix")


@pytest.mark.django_db
def test_locked_gives_the_row():
    alix = User.objects.create_user("alix@example.org")

    assert User.objects.all().locked(alix.pk) == alix
    with pytest.raises(User.DoesNotExist):
        User.objects.all().locked(alix.pk + 1)

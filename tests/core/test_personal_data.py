from candide.core import personal_data
from candide.institution.accounts.models import User


def test_declare(monkeypatch):
    monkeypatch.setattr(personal_data, "_declarations", {})

    personal_data.declare(User, personal="email last_name", neutral="id")

    declaration = personal_data.declarations()[User]
    assert declaration.personal == {"email", "last_name"}
    assert declaration.neutral == {"id"}

import pytest
from environs import ValidationError

from candide.config import environment


@pytest.mark.parametrize(
    ("validator", "value"),
    [
        (environment.is_base_url, "https://candidatures.example.org"),
        (environment.is_base_url, "http://127.0.0.1:8000/"),
        (environment.is_time_zone, "Indian/Reunion"),
        (environment.is_database_url, "sqlite:////var/lib/candide/candide.sqlite3"),
        (environment.is_database_url, "postgresql://candide@%2Frun%2Fpostgresql/candide"),
        (environment.is_mail_server_url, "submission://user:secret@mail.example.org:587"),
        (environment.is_mail_server_url, "console:"),
        (environment.is_mail_address, "candidatures@example.org"),
    ],
)
def test_what_makes_sense_is_taken(validator, value):
    assert validator(value) is None


@pytest.mark.parametrize(
    ("validator", "value"),
    [
        (environment.is_base_url, "candidatures.example.org"),
        (environment.is_base_url, "ftp://candidatures.example.org"),
        (environment.is_base_url, "https://"),
        (environment.is_base_url, "https://example.org/candide"),
        (environment.is_time_zone, "Europe/Orleans"),
        (environment.is_database_url, "mysql://localhost/candide"),
        (environment.is_mail_server_url, "mail.example.org:25"),
        (environment.is_mail_address, "candidatures"),
    ],
)
def test_what_makes_none_is_refused(validator, value):
    with pytest.raises(ValidationError):
        validator(value)


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://sso.example.org/realms/students", "https://sso.example.org"),
        ("http://127.0.0.1:8001", "http://127.0.0.1:8001"),
    ],
)
def test_origin(address, origin):
    assert environment.origin(address) == origin


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("CANDIDE_BASE_UR", "CANDIDE_BASE_UR is not a setting. Did you mean CANDIDE_BASE_URL?"),
        ("CANDIDE_ZZZZZZZZZZ", "CANDIDE_ZZZZZZZZZZ is not a setting."),
    ],
)
def test_a_misspelt_variable_is_refused(name, sentence):
    with pytest.raises(ValueError, match="is not a setting") as refusal:
        environment.refuse_unknown({"PATH", "CANDIDE_DEBUG", name})

    assert str(refusal.value) == sentence


def test_known_variables_are_taken():
    assert environment.refuse_unknown({"PATH", "CANDIDE_DEBUG", "CANDIDE_BASE_URL"}) is None

import pytest
from environs import ValidationError

from candide.config import environment, files


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
        (environment.is_token, ""),
        (environment.is_token, "t" * 20),
        (environment.are_networks, []),
        (environment.are_networks, ["10.1.0.0/16", "2001:db8::/32", "192.0.2.7"]),
        (files.is_files_url, ""),
        (files.is_files_url, "s3://key:se%2Fcret@s3.example.org/candide"),
        (files.is_files_url, "s3+http://10.1.0.4:9000/candide/files?region=fr&addressing=virtual"),
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
        (environment.is_token, "short"),
        (environment.are_networks, ["10.1.0.0/16", "10.1.2.3/16"]),
        (environment.are_networks, ["example.org"]),
        (files.is_files_url, "https://s3.example.org/candide"),
        (files.is_files_url, "s3://s3.example.org/"),
        (files.is_files_url, "s3://key@s3.example.org/candide"),
        (files.is_files_url, "s3://s3.example.org/candide?acl=public-read"),
        (files.is_files_url, "s3://s3.example.org/candide?addressing=other"),
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


def test_files_are_kept_in_the_data_directory_unless_it_is_said_otherwise(tmp_path):
    made = files.storage("", tmp_path)

    assert made["BACKEND"] == "django.core.files.storage.FileSystemStorage"
    assert made["OPTIONS"]["location"] == str(tmp_path / "files")
    assert made["OPTIONS"]["file_permissions_mode"] == 0o600
    for_nginx = files.storage("", tmp_path, is_read_by_nginx=True)["OPTIONS"]
    assert for_nginx["file_permissions_mode"] == 0o640
    assert for_nginx["directory_permissions_mode"] == 0o750


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (
            "s3://key:se%2Fcret@s3.example.org/candide",
            {
                "access_key": "key",
                "secret_key": "se/cret",
                "endpoint_url": "https://s3.example.org",
                "region_name": "us-east-1",
                "bucket_name": "candide",
                "location": "",
            },
        ),
        (
            "s3+http://10.1.0.4:9000/candide/of/2027?region=fr",
            {
                "access_key": None,
                "secret_key": None,
                "endpoint_url": "http://10.1.0.4:9000",
                "region_name": "fr",
                "bucket_name": "candide",
                "location": "of/2027",
            },
        ),
    ],
)
def test_object_storage_of_an_address(address, expected, tmp_path):
    made = files.storage(address, tmp_path)

    options = made["OPTIONS"]
    config = options.pop("client_config")
    assert made["BACKEND"] == "candide.integrations.object_storage.ObjectStorage"
    assert options == expected
    assert config.s3 == {"addressing_style": "path"}


def test_object_storage_without_its_extra_is_refused(monkeypatch):
    monkeypatch.setattr(files, "find_spec", lambda name: None)

    with pytest.raises(ValidationError, match="needs the extra s3"):
        files.is_files_url("s3://key:secret@s3.example.org/candide")

"""How the other database is reached, and what is said when it is not."""

import builtins
from io import StringIO

import pymysql
import pytest
from django.core.management import CommandError, call_command

from candide.integrations.ecandidat import database
from candide.integrations.ecandidat.database import Address, Database, Unavailable, address_of
from candide.migration import command
from candide.migration.kinds.decisions import Mails
from candide.migration.kinds.people import Accounts
from tests.factories.reference import CountryFactory
from tests.migration import university as u


@pytest.mark.parametrize(
    ("url", "address"),
    [
        (
            "mysql://lecteur:m%40t@db.example:3307/ecandidat",
            Address(
                database="ecandidat",
                user="lecteur",
                password="m@t",
                host="db.example",
                port=3307,
            ),
        ),
        (
            "mariadb://lecteur@/ecandidat?socket=/run/mysqld/mysqld.sock",
            Address(database="ecandidat", user="lecteur", socket="/run/mysqld/mysqld.sock"),
        ),
        (
            "mysql://lecteur@db.example/ecandidat?ca=/etc/ssl/db.pem",
            Address(
                database="ecandidat", user="lecteur", host="db.example", authority="/etc/ssl/db.pem"
            ),
        ),
    ],
)
def test_address_is_read(url, address):
    assert address_of(url) == address


def test_password_given_apart_counts_first():
    assert address_of("mysql://a:b@c/d", password="e").password == "e"


@pytest.mark.parametrize("url", ["postgresql://a/b", "mysql://a", "mysql://a:x/b", "ecandidat"])
def test_address_that_is_none_is_refused(url):
    with pytest.raises(Unavailable) as refused:
        address_of(url)

    assert refused.value.reason == "address"


def test_rows_come_in_batches_and_nothing_can_be_written(source, monkeypatch):
    monkeypatch.setattr(database, "BATCH", 2)
    for code in "ABC":
        u.centre(source, code)
    other = u.centre(source, "D", lib_ctr_cand="Autre")

    with Database(address_of(source.address)) as opened:
        batches = list(opened.batches("centre_candidature", key="id_ctr_cand"))
        u.centre(source, "LATER")
        narrowed = list(
            opened.batches("centre_candidature", key="id_ctr_cand", lib_ctr_cand="Autre")
        )
        counted = opened.count("centre_candidature")
        with pytest.raises(Unavailable, match="READ ONLY"):
            opened._ask("DELETE FROM centre_candidature")

    assert [[row["cod_ctr_cand"] for row in batch] for batch in batches] == [["A", "B"], ["C", "D"]]
    assert [row["id_ctr_cand"] for batch in narrowed for row in batch] == [other]
    assert counted == 4  # as it was when it was opened


def test_table_of_another_version_is_empty(source):
    with Database(address_of(source.address)) as opened:
        assert list(opened.batches("nouveaute", key="id")) == []
        assert (opened.all("nouveaute"), opened.count("nouveaute")) == ([], 0)
        assert opened.of("nouveaute", "id", [1]) == []
        with pytest.raises(ValueError, match="drop"):
            opened.of("centre_candidature", "id; drop", [1])


def test_server_must_prove_itself_by_the_authority_that_was_named(monkeypatch):
    asked = {}

    def connect(**options):
        asked.update(options)
        raise pymysql.err.OperationalError(2026, "certificate verify failed")

    monkeypatch.setattr(pymysql, "connect", connect)

    with pytest.raises(Unavailable, match="certificate"):
        Database(address_of("mysql://a@db.example/c?ca=/etc/ssl/db.pem"))

    secured = {name: asked[name] for name in asked if name.startswith("ssl")}
    assert secured == {
        "ssl_ca": "/etc/ssl/db.pem",
        "ssl_verify_cert": True,
        "ssl_verify_identity": True,
    }


def test_server_that_is_away_is_said(tmp_path):
    with pytest.raises(CommandError, match="ne répond pas"):
        call_command("import", "ecandidat", f"mysql://a:b@/c?socket={tmp_path / 'none'}")


def test_missing_driver_is_said_in_one_sentence(monkeypatch):
    usual = builtins.__import__

    def without(name, *details):
        if name.startswith("pymysql"):
            raise ImportError(name)
        return usual(name, *details)

    monkeypatch.setattr(builtins, "__import__", without)

    with pytest.raises(CommandError, match=r"\[migration\]"):
        call_command("import", "ecandidat", "mysql://a:b@c/d")


def test_password_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(CommandError, match="nowhere"):
        call_command(
            "import", "ecandidat", "mysql://a@c/d", f"--password-file={tmp_path / 'nowhere'}"
        )


@pytest.mark.django_db
def test_campaign_nobody_has_and_report_that_cannot_be_kept_are_refused(source, bring, tmp_path):
    u.campaign(source)

    with pytest.raises(CommandError, match=r"1999.*2027"):
        bring("--with-candidates", "--campaign=1999")
    with pytest.raises(CommandError, match="--with-candidates"):
        bring("--campaign=2027")
    with pytest.raises(CommandError, match="rapport"):
        call_command(
            "import", "ecandidat", source.address, f"--report={tmp_path / 'no' / 'report.csv'}"
        )


@pytest.mark.django_db
@pytest.mark.parametrize("way", ["file", "variable", "keyboard"])
def test_password_is_read_from_where_it_is(source, tmp_path, monkeypatch, way):
    """The server of the tests takes any; what it was given is what is looked at."""
    given = []
    usual = command.address_of
    monkeypatch.setattr(
        command,
        "address_of",
        lambda url, *, password: given.append(password) or usual(url, password=password),
    )
    monkeypatch.delenv("ECANDIDAT_PASSWORD", raising=False)
    options = [f"--report={tmp_path / 'report.csv'}", "--dry-run"]
    if way == "file":
        (tmp_path / "secret").write_text("lu\n")
        options.append(f"--password-file={tmp_path / 'secret'}")
    elif way == "variable":
        monkeypatch.setenv("ECANDIDAT_PASSWORD", "lu")
    else:
        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
        monkeypatch.setattr("getpass.getpass", lambda _prompt: "lu")

    call_command("import", "ecandidat", source.address, *options, stdout=StringIO())

    assert given == ["lu"]


@pytest.mark.django_db
def test_column_another_version_lacks_is_named_in_a_sentence(source, bring):
    u.campaign(source)
    source.run("ALTER TABLE campagne RENAME COLUMN dat_deb_camp TO dat_debut")
    try:
        with pytest.raises(CommandError, match="dat_deb_camp") as refusal:
            bring("--dry-run")
    finally:
        source.run("ALTER TABLE campagne RENAME COLUMN dat_debut TO dat_deb_camp")
    assert "rien n’a été écrit" in str(refusal.value)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "said", "campaigns"),
    [
        (Mails, "rien n’a été écrit", [1, 1, 0, 0, 0]),
        (Accounts, "la même commande reprend", [1, 0, 0, 1, 0]),
    ],
)
def test_run_that_is_cut_off_says_what_was_done_and_goes_on(
    source, bring, tmp_path, monkeypatch, kind, said, campaigns
):
    u.campaign(source)
    CountryFactory(france=True)

    def cut(self):
        raise Unavailable("connection", "gone away")

    with monkeypatch.context() as cutting:
        cutting.setattr(kind, "batches", cut)
        with pytest.raises(CommandError, match="gone away") as refusal:
            bring("--with-candidates")
    report = (tmp_path / "report.csv").read_text("utf-8-sig")

    assert said in str(refusal.value)
    assert "Campagnes;1;1" in report
    assert bring("--with-candidates").numbers["Campagnes"] == campaigns


@pytest.mark.django_db
def test_candidates_wait_for_the_countries_they_were_born_in(source, bring):
    with pytest.raises(CommandError, match="candide import reference"):
        bring("--with-candidates")

"""docs/install.md, docs/upgrade.md and what docs/operate.md says of backups, followed on a bare
machine as they are written: what stands there afterwards is used through nginx and TLS."""

import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from candide.admissions.applications.models import Application
from tests.faults.browser import Lost
from tests.faults.journey import PASSWORD
from tests.faults.mail_server import MailServer
from tests.faults.trial import an_offer
from tests.installing import machine as machines
from tests.installing.guide import CHAPTERS
from tests.installing.machine import BareMachine
from tests.installing.service import (
    ADMINISTRATOR,
    HOST,
    REPOSITORY,
    Service,
    Visitors,
    walk,
)

MEGABYTE = 1024 * 1024
HOUR = 3600
FIRST, NEXT = "first", "next"
OF_THE_CANDIDATE = {"apply", "answer", "upload", "upload photos", "transmit", "accept"}

# What cannot be fetched where these tests run: the signatures of viruses.
SIGNATURES = """
systemctl disable --now clamav-freshclam
echo 'Eicar-Test:0:*:58354f2150254041505b345c505a58353428505e2937434329377d24454943' \\
    > /var/lib/clamav/own.ndb
mkdir -p /etc/systemd/system/clamav-daemon.service.d /etc/systemd/system/clamav-daemon.socket.d
printf '[Unit]\\nConditionPathExistsGlob=\\n' | tee \\
    /etc/systemd/system/clamav-daemon.service.d/own.conf \\
    > /etc/systemd/system/clamav-daemon.socket.d/own.conf
systemctl daemon-reload
systemctl restart clamav-daemon
"""
# The trial looks into the database as this machine's root.
LOOK = "su postgres -c 'createuser --superuser root'"
BESIDE = {"1. The machine": SIGNATURES, "2. The database": LOOK}
# A version after this one, with a migration.
LATER = f"""
set -e
git config user.email trial@example.org && git config user.name Trial
git tag --force {FIRST}
sed -i 's/^__version__ = .*/__version__ = "99.0.0"/' candide/__init__.py
cat > candide/institution/mails/migrations/9999_trial.py <<'END'
from django.db import migrations
class Migration(migrations.Migration):
    dependencies = [("mails", "LAST")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE mails_outgoingmail ADD COLUMN trial varchar(9); SELECT pg_sleep(3)"
        )
    ]
END
last=$(ls candide/institution/mails/migrations | grep -v 9999 | grep '^[0-9]' | tail -n 1)
sed -i "s/LAST/${{last%.py}}/" candide/institution/mails/migrations/9999_trial.py
git add candide && git commit --quiet --message 'A later version' && git tag --force {NEXT}
"""
SECOND_WEB = """
cd /etc/systemd/system
sed 's|^ListenStream=.*|ListenStream=127.0.0.1:8001|; /^Socket/d' candide-web.socket \\
    > candide-other.socket
sed 's|candide-web|candide-other|; s|^EnvironmentFile=.*|&\\nEnvironmentFile=/etc/candide/other|' \\
    candide-web.service > candide-other.service
echo CANDIDE_LISTEN=127.0.0.1:8001 > /etc/candide/other
sed -i 's|# server 10.1.0.11:8000;|server 127.0.0.1:8001;|' /etc/nginx/sites-available/candide
systemctl daemon-reload
systemctl start candide-other.socket candide-other
nginx -t
systemctl reload nginx
cd /opt/candide
"""
METRICS = f"""
token=$(sed -n 's/^CANDIDE_METRICS_TOKEN=//p' /etc/candide/candide.env)
curl -sS -H "Authorization: Bearer $token" http://{HOST}/metrics"""
WEB_SERVERS = ("--unix-socket /run/candide/web.sock", "--connect-to ::127.0.0.1:8001")

pytestmark = [pytest.mark.soak, pytest.mark.postgresql]


@pytest.fixture(scope="module")
def service(django_db_setup, django_db_blocker) -> Iterator[Service]:
    if lacking := machines.missing():
        print(f"left out: {lacking}")  # noqa: T201 -- what the issue asks to be said
        pytest.skip(lacking)
    with (
        BareMachine() as machine,
        MailServer(port=25) as mail_server,
        django_db_blocker.unblock(),
    ):
        made = Service(machine, mail_server)
        subprocess.run(["/bin/sh", "-c", LATER], cwd=f"{machine.tree}{REPOSITORY}", check=True)
        for chapter in CHAPTERS:
            list(made.follow("install", chapter, version=FIRST))
            if chapter in BESIDE:
                machine.run(BESIDE[chapter])
        for ran in made.ran:
            print(f"{ran.seconds:6.1f} s  {ran.command.splitlines()[0]}")  # noqa: T201
        yield made
        made.close()


@pytest.fixture(scope="module")
def staffed(service):
    """With a programme that is open, and Bao who manages its centre and is signed in."""
    with service.database():
        offer = an_offer()
    bao = service.browser()
    sign_in_bao(bao)
    return offer, bao


def sign_in_bao(browser):
    """Anew after a backup was put back, which signs nobody in."""
    assert browser.sign_in("bao@example.org", PASSWORD).status_code == 302


def journeys(service, staffed, count=1):
    with service.database():
        return [service.begin_journey(*staffed) for _ in range(count)]


def test_it_stands_within_an_hour(service):
    assert sum(ran.seconds for ran in service.ran) < HOUR
    assert "System check identified no issues" in service.said("candide check --deploy")
    assert "\nok" in service.said("/healthz")
    asked = service.said("/readyz")
    assert '"ready": true' in asked
    assert '"worker": "ok"' in asked
    assert f"Location: https://{HOST}/" in asked
    assert "candide_workers 1" in service.said("/metrics")
    assert "/var/log/nginx/*.log" in service.said("logrotate")


def test_every_answer_carries_its_headers_once(service):
    client = service.browser().client
    for page, status in (("/", 200), ("/no-such-page/", 404), ("/outage/unavailable.html", 200)):
        answer = client.get(page)
        assert answer.status_code == status
        for name in ("Strict-Transport-Security", "Content-Security-Policy"):
            assert len(answer.headers.get_list(name)) == 1, (page, name)
        assert answer.headers["Server"] == "nginx"


def test_first_administrator_comes_in(service):
    browser = service.browser()
    link = service.link_for(ADMINISTRATOR)
    assert browser.client.get(link).status_code == 200
    data = {"password": PASSWORD, "password_again": PASSWORD}
    data["csrfmiddlewaretoken"] = browser.client.cookies["csrftoken"]
    assert browser.client.post(link, data=data).status_code == 302

    assert browser.sign_in(ADMINISTRATOR, PASSWORD).status_code == 302
    page = browser.client.get("/gestion/", follow_redirects=True)

    assert (page.status_code, page.url.path) == (200, "/gestion/")
    kept = {cookie.name: cookie for cookie in browser.client.cookies.jar}
    assert kept["sessionid"].secure
    assert kept["sessionid"].has_nonstandard_attr("HttpOnly")
    # Signing in leads by links that are in no log.
    assert link not in service.machine.run("cat /var/log/nginx/candide.log").said


def test_candidate_and_staff_go_their_whole_way(service, staffed):
    (journey,) = journeys(service, staffed)

    walk(journey)

    answer = journey.candidate.get("candidate:receipt", journey.pk, 1)
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for name in answer.headers:
        assert len(answer.headers.get_list(name)) == 1 or name == "set-cookie", name
    part = journey.candidate.client.get(
        answer.url, headers={"Range": "bytes=0-3", "Accept-Encoding": "identity"}
    )
    assert (part.status_code, part.content) == (206, b"%PDF")  # nginx itself sends it
    assert "X-Accel-Redirect" not in answer.headers
    request_id = answer.headers["X-Request-Id"]
    assert request_id in service.machine.run("cat /var/log/nginx/candide.log").said


def test_uploads_have_their_bounds(service, staffed):
    (journey,) = journeys(service, staffed)
    for step in list(journey.steps())[:2]:
        step.do()
    where = ("candidate:document_upload", journey.pk, staffed[0].transcript)

    def give(megabytes):
        big = [("files", ("notes.pdf", b"%PDF-1.4\n" + b"x" * megabytes * MEGABYTE))]
        return journey.candidate.post(*where, data={"seen": ""}, files=big)

    too_large_for_us, too_large_for_nginx = give(60), None
    with suppress(Lost):  # nginx hangs up on whoever goes on sending
        too_large_for_nginx = give(120)

    assert too_large_for_us.status_code == 409
    if too_large_for_nginx is not None:
        assert too_large_for_nginx.status_code == 413
        assert "Cet envoi est trop volumineux" in too_large_for_nginx.text
    walk(journeys(service, staffed)[0])


def test_nobody_says_themselves_where_they_come_from(service):
    client = service.browser().client
    statuses = {
        client.get(
            "/api/v1/calendar.ics", headers={"X-Forwarded-For": f"198.51.100.{number}"}
        ).status_code
        for number in range(90)
    }

    assert statuses == {200, 429}


def test_any_web_server_answers_anybody(service, staffed):
    service.machine.run(SECOND_WEB)
    begun = journeys(service, staffed, count=3)
    units = ("candide-web", "candide-other")

    with Visitors(service) as visitors:
        walk(begun[0])
        measured = [service.machine.run(f"{METRICS} {where}").said for where in WEB_SERVERS]
        for journey, down in zip(begun[1:], units, strict=True):
            service.machine.run(f"systemctl stop {down}.socket {down}")
            walk(journey)
            service.machine.run(f"systemctl start {down}.socket {down}")

    service.machine.run("systemctl stop 'candide-other*'")

    assert set(visitors.answers) == {200}
    assert all('status="200",view="public:home"' in each for each in measured)


def test_without_any_web_server_the_page_says_so(service):
    service.machine.run("systemctl stop 'candide-web*'")
    answer = service.browser().client.get("/")
    service.machine.run("systemctl start candide-web.socket candide-web")

    assert answer.status_code == 502
    assert "Le service ne répond pas pour le moment" in answer.text
    assert answer.headers.get_list("Content-Security-Policy") == [
        "default-src 'none'; style-src 'self'"
    ]
    assert len(answer.headers.get_list("Strict-Transport-Security")) == 1


def test_upgrade_refuses_nobody_and_leads_back(service, staffed):
    walk(journeys(service, staffed)[0])
    begun = journeys(service, staffed, count=5)
    with Visitors(service) as visitors, ThreadPoolExecutor() as people:
        working = people.submit(lambda: [walk(journey) for journey in begun])
        list(service.follow("upgrade", "The new version beside the old one", version=NEXT))
        list(service.follow("upgrade", "On one machine", version=NEXT))
        working.result()
    print(f"upgrade: {visitors.answers}, the longest took {visitors.longest:.1f} s")  # noqa: T201
    assert set(visitors.answers) == {200}
    assert "[X] 9999_trial" in service.machine.run("candide showmigrations mails").said

    back = service.follow("upgrade", "When it went wrong", former_version=FIRST)
    with Visitors(service) as visitors:
        next(back)
    assert set(visitors.answers) == {200}
    (since,) = journeys(service, staffed)
    walk(since)  # the version before works on the migrated database

    next(back)
    with service.database():
        kept = set(Application.objects.values_list("pk", flat=True))
    assert service.journeys[0].pk in kept
    assert since.pk not in kept
    sign_in_bao(staffed[1])
    walk(journeys(service, staffed)[0])


def test_backup_is_rehearsed_and_put_back(service, staffed):
    (kept,) = journeys(service, staffed)
    walk(kept)
    making, rehearsing, restoring = service.follow("operate", "Backups")

    assert "the backup is whole" in rehearsing.said
    assert "0 of " in restoring.said  # no file was missing
    visitor = service.browser()
    assert visitor.get("public:home").status_code == 503
    service.machine.run("candide maintenance off")
    sign_in, *steps = kept.steps()
    sign_in.do()  # nobody is signed in again by a backup
    assert all(step.is_done() for step in steps if step.name in OF_THE_CANDIDATE)
    sign_in_bao(staffed[1])  # for the tests that follow
    assert making.seconds < HOUR

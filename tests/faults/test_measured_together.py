"""A real web server of several processes: whichever is asked tells what all of them did, and a
worker that dies takes no number with it."""

import os
import signal

from tests.faults.browser import Browser, free_port
from tests.faults.installation import children, wait_until

TOKEN = "t" * 30


def test_processes_of_one_server_are_measured_together(installation, tmp_path):
    port = free_port()
    server = installation.start(
        "serve",
        CANDIDE_LISTEN=f"127.0.0.1:{port}",
        CANDIDE_BASE_URL=f"http://127.0.0.1:{port}",
        CANDIDE_METRICS_TOKEN=TOKEN,
        CANDIDE_STATIC_ROOT=str(tmp_path / "static"),
        CANDIDE_WEB_WORKERS="2",
        RUNTIME_DIRECTORY=str(tmp_path),
    )
    browser = Browser(f"http://127.0.0.1:{port}")
    bearer = {"Authorization": f"Bearer {TOKEN}"}

    def counted():
        lines = browser.client.get("/metrics", headers=bearer).text.splitlines()
        name = 'candide_http_requests_total{method="GET",status="200",view="healthz"} '
        return sum(float(line.removeprefix(name)) for line in lines if line.startswith(name))

    try:
        browser.wait_for_server()
        before = counted()
        for _ in range(20):
            browser.client.get("/healthz")
        assert counted() == before + 20

        workers = children(server.popen.pid)
        os.kill(workers[0], signal.SIGKILL)
        wait_until(
            lambda: len(new := children(server.popen.pid)) == 2 and workers[0] not in new,
            "another worker takes its place",
        )
        browser.wait_for_server()
        assert counted() >= before + 20
        assert {path.name for path in tmp_path.glob("candide-measures-*/counter_*")} == {
            "counter_1.db",
            "counter_2.db",
        }
        assert server.stop() == 0
        assert list(tmp_path.glob("candide-measures-*")) == []
    finally:
        browser.close()

"""Whether the web server of this container answers that it is well: its exit code. Asked by the
image's HEALTHCHECK; no proxy of the environment stands between a container and itself."""

import http.client
import os
import sys
from urllib.parse import urlsplit

HERE = "http://127.0.0.1:8000"

host = urlsplit(os.environ.get("CANDIDE_BASE_URL", HERE)).hostname
connection = http.client.HTTPConnection(urlsplit(HERE).netloc, timeout=20)
connection.request("GET", "/healthz", headers={"Host": host})
sys.exit(connection.getresponse().status != http.client.OK)

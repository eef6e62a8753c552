"""Logs as JSON lines with a request id; never names, addresses or texts of a person."""

import json
import logging
import re
from datetime import UTC, datetime

from candide.core.failures import frames, summary
from candide.core.middleware import current_request_id

# The random part of a link sent by mail: whoever has it is the person it was sent to. The capital
# letter, which one in billions lacks, tells it from long words of an address.
_SECRET = re.compile(r"(?<![\w-])(?=[\w-]*[A-Z])[\w-]{40,}", re.ASCII)


REFUSALS = {409, 422}


class RequestIdFilter(logging.Filter):
    """Gives a line the id of its request, also where it is written after the middleware is done."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        record.request_id = getattr(request, "request_id", None) or current_request_id.get()
        return True


class NotRefusals(logging.Filter):
    """Leaves out what the service answered to somebody on purpose: a field half typed, an action
    refused with its reason. Their number would drown what is wrong."""

    def filter(self, record: logging.LogRecord) -> bool:
        return getattr(record, "status_code", None) not in REFUSALS


class JsonFormatter(logging.Formatter):
    """One JSON object a line. Django writes the address of a refused request, and an exception may
    quote what it refuses: the one loses its secret, the other is told without its words."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": getattr(record, "request_id", "-"),
            "message": _SECRET.sub("…", record.getMessage()),
        }
        error = record.exc_info[1] if record.exc_info else None
        if error:
            line["exception"] = f"{summary(error)}\n{frames(error)}"
        return json.dumps(line, ensure_ascii=False)

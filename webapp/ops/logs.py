"""What is written to the log: one JSON object a line, with the request's id and without secrets or personal text."""

from __future__ import annotations

import json
import logging
import sys
import time
from datetime import UTC, datetime

from flask import Flask, Response, g, has_request_context, request

# Fields a log call may add with `extra`; anything else stays out of the log.
EXTRA_FIELDS = ("status", "milliseconds", "endpoint", "method", "reason", "as", "job", "job_id", "attempts")


class JsonLines(logging.Formatter):
    """One record, one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the record. Addresses of requests are told by their endpoint: queries and ids may be personal."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if has_request_context():
            line["request_id"] = g.get("request_id", "")
        for name in EXTRA_FIELDS:
            if name in record.__dict__:
                line[name] = record.__dict__[name]
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["trace"] = self._places(record)
        return json.dumps(line, ensure_ascii=False)

    def _places(self, record: logging.LogRecord) -> list[str]:
        # Where it happened, and not the message: that of a database error quotes what people typed.
        places = []
        trace = record.exc_info[2] if record.exc_info else None
        while trace is not None:
            code = trace.tb_frame.f_code
            places.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
            trace = trace.tb_next
        return places


def init_app(app: Flask) -> None:
    """Send all logging to stderr as JSON lines, and note each request."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    if not app.testing:
        root.handlers = [handler]
    root.setLevel(app.config["LOG_LEVEL"])
    log = logging.getLogger("devtrackr.requests")

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def note(response: Response) -> Response:
        if request.endpoint not in ("assets.file", "assets.css", "health.ready", "health.live"):
            log.info(
                "request",
                extra={
                    "method": request.method,
                    "endpoint": request.endpoint or "",
                    "status": response.status_code,
                    "milliseconds": round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
                },
            )
        return response

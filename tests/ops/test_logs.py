"""The log is JSON lines with a request id, and holds nothing that people typed."""

from __future__ import annotations

import json
import logging
import sys

from webapp.ops.logs import JsonLines


def line_of(record: logging.LogRecord) -> dict[str, object]:
    written = JsonLines().format(record)
    assert "\n" not in written
    parsed = json.loads(written)
    assert isinstance(parsed, dict)
    return parsed


def test_a_record_is_one_line_of_json() -> None:
    record = logging.makeLogRecord({"name": "x", "levelname": "INFO", "msg": "two\nlines", "status": 200})

    line = line_of(record)

    assert line["message"] == "two\nlines"
    assert line["status"] == 200


def test_fields_that_are_not_on_the_list_stay_out() -> None:
    record = logging.makeLogRecord({"msg": "m", "email": "ada@example.com", "password": "p"})

    assert set(line_of(record)) == {"time", "level", "logger", "message"}


def test_an_error_tells_where_it_happened_and_not_what_it_quotes() -> None:
    try:
        raise ValueError("INSERT … ('ada@example.com')")
    except ValueError:
        record = logging.makeLogRecord({"msg": "unexpected error", "exc_info": sys.exc_info()})

    line = line_of(record)

    assert line["error"] == "ValueError"
    assert "test_logs.py" in str(line["trace"])
    assert "ada@example.com" not in json.dumps(line)

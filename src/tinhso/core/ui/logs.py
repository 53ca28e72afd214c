"""Log lines as JSON, one object a line, with the request's id and case where there is one."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

from tinhso.kit import trace

_STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonFormatter(logging.Formatter):
    """`{"at", "level", "logger", "message", "request_id"?, "case"?, ...extra, "error"?}`; times in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id := trace.request_id.get():
            line["request_id"] = request_id
        if case := trace.case_code.get():
            line["case"] = case
        line.update({k: v for k, v in vars(record).items() if k not in _STANDARD and k != "request"})
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)

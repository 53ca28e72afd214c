"""What the current request or job is about, so that every log line of it can say so."""

from __future__ import annotations

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
case_code: ContextVar[str] = ContextVar("case_code", default="")

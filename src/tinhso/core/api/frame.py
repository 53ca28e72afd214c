"""The API's frame: one `NinjaAPI` that rooms add their routers to."""

from __future__ import annotations

from ninja import NinjaAPI

api = NinjaAPI(title="tinhso", version="1.0.0", urls_namespace="api", docs_url="docs")

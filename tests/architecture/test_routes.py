"""Every address says who may open it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tinhso.core.access.route import RoutePolicy

#: Parts of the API anybody may read: its own description.
PUBLIC_API = {"openapi-json", "openapi-view", "api-root"}
KINDS = {"public", "signed_in", "staff", "permission"}


def _routes(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        here = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, here)
        else:
            yield here, pattern


def _operations(view: Any) -> list[Any]:
    """The operations behind a view of the API; nothing for a page."""
    owner = getattr(view, "__self__", None) or next(
        (
            c.cell_contents
            for c in (getattr(view, "__closure__", None) or ())
            if hasattr(c.cell_contents, "operations")
        ),
        None,
    )
    return list(getattr(owner, "operations", ()))


def test_every_route_has_a_policy() -> None:
    without, counted = [], 0
    for address, pattern in _routes(get_resolver().url_patterns):
        counted += 1
        if pattern.name in PUBLIC_API and address.startswith("api/"):
            continue
        operations = _operations(pattern.callback)
        if operations:
            without += [
                f"{address} {op.methods}" for op in operations if not op.auth_callbacks and not _is_public(op)
            ]
        elif not isinstance(getattr(pattern.callback, "policy", None), RoutePolicy):
            without.append(address)
    assert counted > 10
    assert without == []


def _is_public(operation: Any) -> bool:
    """Operations ask for a sign-in unless they say `auth=None`, which is for reading only."""
    return operation.methods == ["GET"]


def test_policies_are_of_the_known_kinds() -> None:
    kinds = {
        policy.kind
        for _, pattern in _routes(get_resolver().url_patterns)
        if isinstance(policy := getattr(pattern.callback, "policy", None), RoutePolicy)
    }
    assert kinds <= KINDS


def test_no_two_routes_share_a_name() -> None:
    names: list[str] = []

    def walk(patterns: list[Any], space: str) -> None:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, f"{space}{pattern.namespace}:" if pattern.namespace else space)
            elif pattern.name and space != "api:":
                names.append(space + pattern.name)

    walk(get_resolver().url_patterns, "")
    assert sorted({name for name in names if names.count(name) > 1}) == []

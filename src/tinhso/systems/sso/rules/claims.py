"""What a program is told of a person, scope by scope: no more than it asked for and the person allowed."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

_SUBJECT, _SESSION = b"tinhso.sso.subject\0", b"tinhso.sso.session\0"


def subject(pepper: bytes, kind: str, sector: str, person_id: str) -> str:
    """`sub`: the person's id, or one that only programs of the same sector share (OpenID Connect Core, 8.1)."""
    if kind != "pairwise":
        return person_id
    mark = hmac.new(pepper, _SUBJECT + f"{sector}\0{person_id}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mark).decode().rstrip("=")


def session(pepper: bytes, client_id: str, session_id: str) -> str:
    """`sid`: the session as one program knows it, so that two programs cannot compare theirs."""
    mark = hmac.new(pepper, _SESSION + f"{client_id}\0{session_id}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mark[:16]).decode().rstrip("=")


class Held(Protocol):
    """A post held now (`tinhso.core.access.queries.HeldPost` is one)."""

    @property
    def id(self) -> Any: ...
    @property
    def title(self) -> str: ...
    @property
    def unit_name(self) -> str: ...
    @property
    def unit_id(self) -> Any: ...
    @property
    def grants(self) -> tuple[Any, ...]: ...


def of_posts(posts: Iterable[Held], codes: Mapping[Any, str]) -> dict[str, Any]:
    """`posts` with their units and roles, `units` and `groups` as flat lists for programs that know no better.

    A group is `role@unit`; `codes` are the codes of units by id.
    """
    told: list[dict[str, Any]] = [
        {
            "id": str(post.id),
            "title": post.title,
            "unit": {"id": str(post.unit_id), "code": codes[post.unit_id], "name": post.unit_name},
            "roles": sorted({grant.role for grant in post.grants}),
        }
        for post in posts
    ]
    groups = sorted({f"{role}@{post['unit']['code']}" for post in told for role in post["roles"]})
    units = sorted({post["unit"]["code"] for post in told})
    return {"posts": told, "groups": groups, "units": units}


def of_person(
    scopes: Iterable[str], *, name: str, username: str, language: str, email: str, phone: str
) -> dict[str, Any]:
    """The claims of `profile`, `email` and `phone`; what is not known is left out.

    A citizen's user name is the personal number and is told nobody: `username` is empty then.
    """
    wanted, told = frozenset(scopes), dict[str, Any]()
    if "profile" in wanted:
        told |= {"name": name, "preferred_username": username, "locale": language}
    if "email" in wanted and email:
        told |= {"email": email, "email_verified": False}
    if "phone" in wanted and phone:
        told |= {"phone_number": phone, "phone_number_verified": False}
    return {key: value for key, value in told.items() if value != ""}

"""A browser without pictures: pages and forms over HTTP, with what the forms already hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import httpx

from tests.installation import PASSWORD, PEOPLE, Installation
from tinhso.core.testing.browser import flat

Fields = dict[str, list[str]]


@dataclass
class Form:
    """A form as the page holds it: where it goes, and what it would send if nothing were changed."""

    action: str = ""
    fields: Fields = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", "")))
        if not self.forms:
            return
        form, name = self.forms[-1], given.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "textarea":
            self._area = name
            form.fields[name] = [""]
        elif tag == "option" and self._select and "selected" in given:
            form.fields.setdefault(self._select, []).append(given.get("value", ""))
        elif tag == "input" and name and given.get("type") != "file":
            self._input(form, name, given)
        if tag in ("select", "textarea", "input") and name:
            form.names.add(name)

    def _input(self, form: Form, name: str, given: Mapping[str, str]) -> None:
        if given.get("type") not in ("radio", "checkbox") or "checked" in given:
            form.fields.setdefault(name, []).append(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1].fields[self._area][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""


@dataclass
class Web:
    """One visitor with their cookies."""

    client: httpx.Client

    def get(self, path: str, *, status: int = 200) -> httpx.Response:
        return _answered(self.client.get(path), status)

    def form(self, page: httpx.Response, action: str = "") -> Form:
        """The page's form with this address (its end), or the first that posts to the page itself."""
        reader = _Forms()
        reader.feed(page.text)
        wanted = [f for f in reader.forms if (f.action.endswith(action) if action else not f.action)]
        assert wanted, f"no form {action!r} on {page.url}: {[f.action for f in reader.forms]}"
        return wanted[0]

    def send(
        self,
        page: httpx.Response,
        answers: Mapping[str, Any] | None = None,
        *,
        action: str = "",
        files: Mapping[str, tuple[str, bytes]] | None = None,
        status: int = 200,
    ) -> httpx.Response:
        """Send a page's form back with these answers changed, as pressing its button would."""
        form = self.form(page, action)
        sent: Fields = {**form.fields}
        for name, value in flat(answers or {}):
            sent[name] = [value]
        address = urljoin(str(page.url), form.action)
        parts = [(name, (chosen, content)) for name, (chosen, content) in (files or {}).items()]
        return _answered(self.client.post(address, data=sent, files=parts or None), status)


def said(response: httpx.Response) -> str:
    """What the main part of a page says, without its markup."""
    main = response.text.split("<main", 1)[-1].split("</main>", 1)[0]
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"<[^>]*>", " ", main))[:1500]


def _answered(response: httpx.Response, status: int) -> httpx.Response:
    assert response.status_code == status, f"{response.url}: {response.status_code}\n{said(response)}"
    return response


@contextmanager
def visit(province: Installation, who: str = "") -> Iterator[Web]:
    """A visitor of the installation, signed in as one of its people."""
    with httpx.Client(base_url=province.url, follow_redirects=True, timeout=60) as client:
        web = Web(client)
        if who:
            sign_in(web, web.get("/dang-nhap/"), who)
        yield web


def sign_in(web: Web, page: httpx.Response, who: str, *, status: int = 200) -> httpx.Response:
    """By the form of the sign-in page at hand; the page it leads to."""
    return web.send(page, {"name": PEOPLE[who], "password": PASSWORD}, action="/dang-nhap/", status=status)


def begin(web: Web, procedure: str) -> str:
    """Begin a filing for oneself; the address of its overview."""
    page = web.get(f"/thu-tuc/{procedure}/nop/")
    value = page.text.split('name="for" value="', 1)[1].split('"', 1)[0]
    page = web.send(page, {"for": value})
    return "/".join(str(page.url.path).split("/")[:3]) + "/"


def fill_in(web: Web, filing: str, answers: Mapping[str, Any], *stops: str) -> httpx.Response:
    """Send these pages of a filing with the answers that belong there; the last answer."""
    page: httpx.Response | None = None
    given = dict(flat(answers))
    for stop in stops:
        before = page = web.get(f"{filing}{stop}/")
        for _again in range(3):  # answers bring up questions
            names = web.form(page).names
            page = web.send(page, {n: v for n, v in given.items() if n in names or f"{n}-q" in names})
            if page.url != before.url:
                break
        assert page.url != before.url, f"{before.url} is not satisfied:\n{said(page)}"
    assert page is not None
    return page

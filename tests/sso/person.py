"""A person at a browser without a window: follows redirects, signs in by the form, says yes, until a program's address."""

from __future__ import annotations

import html
import re
from urllib.parse import urljoin

import httpx

from tests.installation import PASSWORD

_REFRESH = re.compile(r'http-equiv="refresh" content="0; url=([^"]+)"')
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_QUERY = re.compile(r'name="query" value="([^"]*)"')
_NEXT = re.compile(r'name="next" value="([^"]*)"')


class Person:
    """Somebody with an account of the installation. `pages` are the paths seen."""

    def __init__(self, site: str, username: str, password: str = PASSWORD) -> None:
        self.site, self.username, self.password = site, username, password
        self.client = httpx.Client(timeout=60)
        self.pages: list[str] = []

    def go(self, address: str, until: str) -> str:
        """Open an address and do what the pages ask for until sent to an address that begins with `until`."""
        for _step in range(20):
            if address.startswith(until):
                return address
            self.pages.append(httpx.URL(address).path)
            answer = self.client.get(address)
            address = self._onward(answer)
        raise AssertionError(f"went round in circles: {self.pages}")

    def _onward(self, answer: httpx.Response) -> str:
        here = str(answer.url)
        if answer.is_redirect:
            return urljoin(here, answer.headers["Location"])
        assert answer.status_code == 200, f"{here}: {answer.status_code} {answer.text[-2000:]}"
        if found := _REFRESH.search(answer.text):
            return urljoin(here, html.unescape(found.group(1)))
        path = answer.url.path
        if path == "/dang-nhap/":
            return self._send(
                answer, here, {"name": self.username, "password": self.password, "next": _one(_NEXT, answer)}
            )
        if path == "/oidc/authorize":
            return self._send(
                answer, f"{self.site}/oidc/dong-y/", {"query": _one(_QUERY, answer), "answer": "yes"}
            )
        raise AssertionError(f"do not know what to do at {here}: {answer.text[-1500:]}")

    def _send(self, answer: httpx.Response, to: str, form: dict[str, str]) -> str:
        sent = self.client.post(
            to, data=form | {"csrfmiddlewaretoken": _one(_TOKEN, answer)}, headers={"Referer": to}
        )
        return self._onward(sent)

    def post(self, path: str, *, to: str = "", **form: str) -> httpx.Response:
        """Send a form of a page (to the address `to`, if not its own), as its button would."""
        page = self.client.get(self.site + path)
        token = _one(_TOKEN, page)
        sent = self.client.post(
            self.site + (to or path),
            data=form | {"csrfmiddlewaretoken": token},
            headers={"Referer": self.site + path},
        )
        assert sent.status_code < 400, f"{path}: {sent.status_code} {sent.text[-1500:]}"
        return sent


def _one(pattern: re.Pattern[str], answer: httpx.Response) -> str:
    found = pattern.search(answer.text)
    assert found, f"{answer.url}: no {pattern.pattern}"
    return html.unescape(found.group(1))

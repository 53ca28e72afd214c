"""The parts of `apache-oidc.sh` that are easier said in Python: registering the program, and being the person."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]


def say(*words: str) -> None:
    sys.stdout.write(" ".join(words) + "\n")


def connect(program: str) -> None:
    """Register the Apache as a program of the province and print its name and secret."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tinhso.project.settings.dev")
    if "DATABASE_URL" not in os.environ:
        from tinhso.core.db.embedded import ensure_running

        os.environ["DATABASE_URL"] = ensure_running()
    import django

    django.setup()
    from tinhso.core.access.actor import system_actor
    from tinhso.systems.sso.actions import clients

    callback = f"{program}/protected/callback"
    says = clients.Says(
        "Apache",
        redirect_uris=(callback,),
        backchannel_uri=f"{callback}?logout=backchannel",
        scopes=("openid", "profile", "posts"),
        trusted=True,
    )
    row, secret = clients.create(actor=system_actor("drill"), says=says)
    sys.stdout.write(f"{row.client_id} {secret}\n")


def attempt(program: str, site: str, username: str, password: str) -> int:
    """Through the door that asks for a group and, after signing out here, out of it; says what was seen."""
    from tests.sso.person import Person

    person = Person(site, username, password)
    page = f"{program}/protected/index.html"
    back = person.go(person.client.get(page).headers["Location"], f"{program}/protected/callback")
    person.client.get(back)
    if person.client.get(page).status_code != httpx.codes.OK:
        say("NOT let in")
        return 1
    say("let in by Apache:", person.client.get(page).text.strip())
    person.post("/ung-dung-da-ket-noi/", to="/dang-xuat/")
    end = time.monotonic() + 60
    while person.client.get(page).status_code == httpx.codes.OK:
        if time.monotonic() > end:
            say("NOT signed out by back-channel")
            return 1
        time.sleep(0.5)
    say("signed out here, and by back-channel there")
    return 0


if __name__ == "__main__":
    if sys.argv[1] == "connect":
        connect(sys.argv[2])
    else:
        sys.exit(attempt(*sys.argv[2:6]))

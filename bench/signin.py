"""Two hundred people signing in at the same moment, through the real pages; what the password's hash costs stands apart."""

from __future__ import annotations

import http.client
import re
import statistics
import subprocess
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

from bench import processor
from bench.http import PORT, _wait
from bench.http import SERVER as BARE

SERVER = (*BARE[:-1], "tinhso.project.wsgi:application")
PEOPLE = 200
PASSWORD = "vườn cam nhà tôi"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
COOKIE = re.compile(r"csrftoken=([^;]+)")


def accounts(count: int) -> list[str]:
    """User names of people with the benchmark's password; one hash for all, made with today's costs."""
    from django.contrib.auth.hashers import make_password

    from tinhso.core.people.models import Account, Person

    names = [f"bench{n:04d}" for n in range(count)]
    known = set(Account.objects.filter(username__in=names).values_list("username", flat=True))
    hashed = make_password(PASSWORD)
    for name in names:
        if name not in known:
            person = Person.objects.create(full_name=f"Người {name}", folded_name=f"nguoi {name}")
            Account.objects.create(username=name, person=person)
    Account.objects.filter(username__in=names).update(password=hashed)
    return names


def hash_ms(rounds: int = 20) -> float:
    """What checking one password costs a processor that does nothing else."""
    from django.contrib.auth.hashers import check_password, make_password

    made, begun = make_password(PASSWORD), time.process_time()
    for _n in range(rounds):
        check_password(PASSWORD, made)
    return (time.process_time() - begun) * 1000 / rounds


def page() -> dict[str, str]:
    """The sign-in page as a browser opens it: the cookie and the token of its form."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    connection.request("GET", "/dang-nhap/")
    answer = connection.getresponse()
    cookie = COOKIE.search(answer.getheader("Set-Cookie") or "")
    token = TOKEN.search(answer.read().decode())
    connection.close()
    return {"cookie": cookie[1] if cookie else "", "token": token[1] if token else ""}


def sign_in(name: str, seen: dict[str, str]) -> float:
    """One sign-in from pressing the button to being sent on, in seconds."""
    body = urlencode({"csrfmiddlewaretoken": seen["token"], "name": name, "password": PASSWORD, "next": "/"})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"csrftoken={seen['cookie']}"}
    begun = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    connection.request("POST", "/dang-nhap/", body, headers)
    answer = connection.getresponse()
    answer.read()
    took = time.perf_counter() - begun
    connection.close()
    if answer.status != 302:
        raise RuntimeError(f"{name}: {answer.status}")
    return took


def at_once(names: list[str]) -> tuple[list[float], float]:
    """Everybody presses the button together: how long each waited, and all of them."""
    seen = [page() for _name in names]
    barrier, took = threading.Barrier(len(names) + 1), [0.0] * len(names)

    def one(place: int) -> None:
        barrier.wait()
        took[place] = sign_in(names[place], seen[place])

    threads = [threading.Thread(target=one, args=(n,)) for n in range(len(names))]
    for thread in threads:
        thread.start()
    barrier.wait()
    begun = time.perf_counter()
    for thread in threads:
        thread.join()
    if 0.0 in took:
        raise RuntimeError(f"{took.count(0.0)} did not get in")
    return took, time.perf_counter() - begun


def _spent(parent: int) -> float:
    """Processor seconds so far of the web server and the processes it started."""
    total = 0
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            parts = entry.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(entry.parent.name) == parent or int(parts[1]) == parent:
            total += int(parts[11]) + int(parts[12])
    return total / processor.TICK


def run() -> dict[str, float]:
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    names, cost = accounts(PEOPLE), hash_ms()
    before = processor.server()
    server = subprocess.Popen(SERVER, start_new_session=True)
    try:
        _wait()
        at_once(names[:16])
        started = _spent(server.pid)
        took, all_of_them = at_once(names)
        web, database = _spent(server.pid) - started, processor.server() - before
    finally:
        server.terminate()
        server.wait(20)
    cuts = statistics.quantiles(took, n=20)
    return {
        "signin.password hash ms": cost,
        "signin.median s": statistics.median(took),
        "signin.p95 s": cuts[18],
        "signin.sign-ins /s": len(names) / all_of_them,
        "signin.web processor ms without hash": max(0.0, web * 1000 / len(names) - cost),
        "signin.database processor ms": database * 1000 / len(names),
    }

"""`tinhso run | stop | backup DIR | restore DIR`: one installation on one machine, from nothing to a working province."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from pathlib import Path

from tinhso.core.db.embedded import data_home, ensure_running
from tinhso.core.db.embedded import stop as stop_database
from tinhso.project import supervisor

PORT = int(os.environ.get("TINHSO_PORT", "8000"))
TRUST_PORT = int(os.environ.get("TINHSO_TRUST_PORT", "8010"))
VNEID_PORT = int(os.environ.get("TINHSO_VNEID_PORT", "8020"))


def say(text: str = "") -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


class Stopwatch:
    """Prints what a part took, as it is done."""

    def __init__(self) -> None:
        self.begun = self.last = time.monotonic()

    def lap(self, what: str) -> None:
        now = time.monotonic()
        say(f"  {what:<46} {now - self.last:6.1f} s")
        self.last = now

    @property
    def total(self) -> float:
        return time.monotonic() - self.begun


def prepare(watch: Stopwatch) -> str:
    """Database, tables, static files, catalogue, province; returns the database's URL."""
    url = os.environ.get("DATABASE_URL") or ensure_running()
    os.environ["DATABASE_URL"] = url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tinhso.project.settings.dev")
    os.environ.setdefault("TINHSO_SITE_URL", f"http://127.0.0.1:{PORT}")
    os.environ.setdefault("TINHSO_TRUST_URL", f"http://127.0.0.1:{TRUST_PORT}")
    os.environ.setdefault("TINHSO_VNEID_URL", f"http://127.0.0.1:{VNEID_PORT}")
    watch.lap("PostgreSQL 18")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    watch.lap("bảng dữ liệu, tệp tĩnh")
    call_command("load_catalog")
    watch.lap("danh mục thủ tục")
    from tinhso.project.seed import seed_province

    seed_province(tell=lambda part: None)
    call_command("load_money", verbosity=0)
    watch.lap("tỉnh Hậu Giang 2022")
    return url


def run() -> None:
    """Bring everything up, play one case if none was played, and say where to go."""
    watch = Stopwatch()
    home = data_home()
    prepare(watch)
    metrics = home / "metrics"  # web has several processes; their counters meet here
    if "web" not in supervisor.running(home):
        shutil.rmtree(metrics, ignore_errors=True)
    metrics.mkdir(parents=True, exist_ok=True)
    env = os.environ | {"PYTHONUNBUFFERED": "1", "PROMETHEUS_MULTIPROC_DIR": str(metrics)}
    supervisor.start(home, supervisor.services(PORT, TRUST_PORT, vneid_port=VNEID_PORT), env)
    watch.lap("web, tác vụ nền, chứng thực và VNeID mô phỏng")
    from tinhso.core.cases.models import Case

    if not Case.objects.exists():
        _play(home)
        watch.lap("một hồ sơ thật qua HTTP")
    _tell_where(home)
    say(f"\nTổng cộng {watch.total:.1f} s. Dừng: make stop. Nhật ký: {home / 'logs'}")


def _play(home: Path) -> None:
    from datetime import timedelta

    from django.conf import settings
    from django.utils import timezone

    from tinhso.core.access.actor import system_actor
    from tinhso.core.api.actions import make_token
    from tinhso.core.people.models import Account
    from tinhso.project.first_case import play

    soon = timezone.now() + timedelta(minutes=10)
    accounts = Account.objects.filter(username__in=("congdan", "motcua", "hotich", "chutich"))
    actor = system_actor("first_case")
    keys = {
        a.username: make_token(account_id=a.id, name="hồ sơ đầu tiên", actor=actor, expires_at=soon)
        for a in accounts
    }
    say()
    played = play(settings.SITE_URL, keys, settings.CATALOG, say)
    result = home / f"ket-qua-{played.code}.pdf"
    result.write_bytes(played.result)
    say(f"  Giấy khai sinh đã ký: {result}")
    say(f"  Ai cũng kiểm tra được: {played.verify_url}\n")


def _tell_where(home: Path) -> None:
    from django.conf import settings

    from tinhso.project.seed import DEMO_PASSWORD, demo_accounts

    url = settings.SITE_URL
    say(f"\nNgười dân     {url}/")
    say(f"Cán bộ        {url}/ban-lam-viec/     một cửa {url}/mot-cua/     lãnh đạo ký {url}/ky/")
    say(f"Quản trị      {url}/quan-tri/         API {url}/api/v1/docs")
    say(
        f"VNeID mô phỏng {os.environ['TINHSO_VNEID_URL']}/   khóa truy cập chỉ dùng được ở http://localhost:{PORT}/"
    )
    say(f"\nTài khoản trình diễn (mật khẩu chung: {DEMO_PASSWORD})")
    for username, role, unit in demo_accounts():
        say(f"  {username:<18} {role}{f' – {unit}' if unit else ''}")
    pids = list(supervisor.running(home).values())
    database = home / "postgres" / "postmaster.pid"
    if database.exists():
        pids.append(int(database.read_text().splitlines()[0]))
    say(
        f"\nBộ nhớ đang dùng: {supervisor.memory_mb(pids):.0f} MB (web, tác vụ nền, chứng thực, cơ sở dữ liệu)"
    )


def stop() -> None:
    """End the processes and the embedded database; the data stays."""
    names = supervisor.stop(data_home())
    if "DATABASE_URL" not in os.environ:
        stop_database()
    say(f"đã dừng: {', '.join(names) or 'không có gì đang chạy'}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="tinhso", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run")
    commands.add_parser("stop")
    for name in ("backup", "restore"):
        commands.add_parser(name).add_argument("folder", type=Path)
    options = parser.parse_args()
    if options.command == "run":
        run()
    elif options.command == "stop":
        stop()
    else:
        from tinhso.project import backup

        try:
            getattr(backup, options.command)(options.folder)
        except backup.BackupError as error:
            raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()

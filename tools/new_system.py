"""Start a new system: `python tools/new_system.py CODE ["Tên tiếng Việt"] ["English name"]` (or `make system`).

Makes `src/tinhso/systems/<code>/` with the file names every room has, a table, two acts, a page and tests that
pass, and registers it in `project/installed.py` and `project/urls.py`. Refuses a code that is taken or no
plain word, and changes nothing then.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = ROOT / "tools" / "templates" / "system"
SYSTEMS = ROOT / "src" / "tinhso" / "systems"
INSTALLED = ROOT / "src" / "tinhso" / "project" / "installed.py"
URLS = ROOT / "src" / "tinhso" / "project" / "urls.py"
NEXT = """
Next:
  1. Migrate:      python manage.py migrate {code}
  2. Run its tests: python -m pytest -q src/tinhso/systems/{code}
  3. Let roles carry the permissions {code}.see and {code}.write: catalog/references/roles.yml
  4. Say in README.md what the system is for; rename Item to what it keeps, then
     delete migrations/0001_initial.py and run: python manage.py makemigrations {code}
  5. Bring the generated pages up to date: python tools/reference.py
  6. make check
The page is at /{path}/ for whoever holds {code}.see.
"""


def main(arguments: list[str]) -> int:
    """Make the system; the exit code."""
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    code = arguments[0]
    title = (arguments[1:] or [code])[0] or code
    words = {
        "code": code,
        "Code": "".join(part.capitalize() for part in code.split("_")),
        "path": code.replace("_", "-"),
        "title": title,
        "title_en": (arguments[2:] or [code.replace("_", " ").capitalize()])[0],
    }
    if fault := fault_of(code, title):
        print(fault, file=sys.stderr)
        return 1
    for path in make(words):
        print(f"  {path.relative_to(ROOT)}")
    register(code)
    subprocess.run([sys.executable, ROOT / "tools" / "messages.py"], check=True)
    print(NEXT.format(code=code, path=words["path"]))
    return 0


def fault_of(code: str, title: str) -> str:
    """Why the system cannot be made, or an empty text."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{2,19}", code):
        return f"“{code}”: 3 to 20 small letters, digits or _, starting with a letter"
    if (SYSTEMS / code).exists() or (SYSTEMS.parent / "core" / code).exists():
        return f"there is a room “{code}” already"
    if any(mark in title for mark in '"\\{}%\n'):
        return 'the name must not hold " \\ { } % or line breaks'
    return ""


def make(words: dict[str, str]) -> list[Path]:
    """Write every file of the template; the paths written."""
    written = []
    for source in sorted(TEMPLATES.rglob("*.tmpl")):
        name = str(source.relative_to(TEMPLATES)).removesuffix(".tmpl").replace("__code__", words["code"])
        text = source.read_text()
        for word, value in words.items():
            text = text.replace(f"@@{word}@@", value)
        target = SYSTEMS / words["code"] / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        written.append(target)
    return written


def register(code: str) -> None:
    """Add the system to the list of installed ones and its pages to the addresses, after the last there."""
    add_after(INSTALLED, r'    "tinhso\.systems\.\w+",\n', f'    "tinhso.systems.{code}",\n')
    add_after(
        URLS,
        r'    path\("", include\("tinhso\.systems\.\w+\.urls"\)\),\n',
        f'    path("", include("tinhso.systems.{code}.urls")),\n',
    )


def add_after(path: Path, pattern: str, line: str) -> None:
    """Put a line after the last one that fits the pattern."""
    text = path.read_text()
    last = list(re.finditer(pattern, text))[-1]
    path.write_text(text[: last.end()] + line + text[last.end() :])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

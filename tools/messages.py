"""English catalogues without gettext's programs: `python tools/messages.py [--check | --missing [folder ...]]`.

Vietnamese sentences are the message ids, so only English has catalogues: one
`locale/en/LC_MESSAGES/django.po` per room. Without arguments every `.po` under `src` is compiled to its
`.mo`. `--check` exits 1 when a `.mo` is not current or two rooms translate one sentence differently.
`--missing` prints, in `.po` form, the sentences of the given rooms that no catalogue translates.
"""

from __future__ import annotations

import ast
import re
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

SRC = Path(__file__).resolve().parents[1] / "src"
Catalogue = dict[str, str]

_FUNCTIONS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
_QUOTED = r"""(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')"""
_TEMPLATE_FORMS = (
    re.compile(r"{%-?\s*(?:translate|trans|button)\s+" + _QUOTED),
    re.compile(r"\b_\(\s*" + _QUOTED + r"\s*\)"),
)
_BREADCRUMB = re.compile(r"{%\s*breadcrumb\s+(.*?)%}")
_BLOCK = re.compile(r"{%\s*blocktrans(?:late)?\b[^%]*?%}(.*?){%\s*endblocktrans(?:late)?\s*%}", re.DOTALL)
_PLURAL = re.compile(r"{%\s*plural\s*%}")
_VARIABLE = re.compile(r"{{\s*(\w+)\s*}}")


def read_po(text: str) -> Catalogue:
    """Message id -> translation; plural ids and forms are joined by NUL as `.mo` files hold them. Fuzzy and empty ones are left out."""
    found: Catalogue = {}
    for block in re.split(r"\n\s*\n", text):
        parts: dict[str, str] = {}
        key = ""
        for line in block.splitlines():
            if match := re.match(r'(msgid_plural|msgid|msgstr(?:\[\d\])?)?\s*(".*")$', line):
                key = match[1] or key
                parts[key] = parts.get(key, "") + ast.literal_eval(match[2])
        if "#, fuzzy" in block or "msgid" not in parts:
            continue
        ids = "\0".join(parts[k] for k in ("msgid", "msgid_plural") if k in parts)
        forms = [parts[k] for k in sorted(parts) if k.startswith("msgstr")]
        if all(forms):
            found[ids] = "\0".join(forms)
    return found


def write_mo(catalogue: Catalogue) -> bytes:
    """The catalogue as a GNU `.mo` file; the same bytes for the same sentences."""
    pairs = sorted((k.encode(), v.encode()) for k, v in catalogue.items())
    start = 28 + 16 * len(pairs)
    ids = b"".join(k + b"\0" for k, _ in pairs)
    texts = b"".join(v + b"\0" for _, v in pairs)
    id_table, text_table = b"", b""
    at_id, at_text = start, start + len(ids)
    for k, v in pairs:
        id_table += struct.pack("<II", len(k), at_id)
        text_table += struct.pack("<II", len(v), at_text)
        at_id, at_text = at_id + len(k) + 1, at_text + len(v) + 1
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, start)
    return head + id_table + text_table + ids + texts


def catalogues() -> list[Path]:
    """Every English `.po` of the project."""
    return sorted(SRC.rglob("locale/en/LC_MESSAGES/django.po"))


def stale() -> list[Path]:
    """The catalogues whose `.mo` is missing or old."""
    return [
        po
        for po in catalogues()
        if not po.with_suffix(".mo").exists()
        or po.with_suffix(".mo").read_bytes() != write_mo(read_po(po.read_text()))
    ]


def conflicts() -> list[str]:
    """Sentences that two rooms translate differently: which one a reader sees would hang on the order of rooms."""
    seen: dict[str, set[str]] = {}
    for po in catalogues():
        for sentence, text in read_po(po.read_text()).items():
            seen.setdefault(sentence, set()).add(text)
    return sorted(sentence for sentence, texts in seen.items() if sentence and len(texts) > 1)


def sentences(folder: Path) -> set[str]:
    """The message ids that the Python files and templates under `folder` ask for; tests are left out."""
    found: set[str] = set()
    for path in folder.rglob("*"):
        if "tests" in path.parts:
            continue
        if path.suffix == ".py":
            found.update(_in_python(path.read_text()))
        elif path.suffix in (".html", ".txt") and "templates" in path.parts:
            found.update(_in_template(path.read_text()))
    return {sentence for sentence in found if sentence}


def _in_python(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in _FUNCTIONS:
            continue
        texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if texts:
            yield "\0".join(texts[:2]) if name.startswith("n") else texts[0]


def _in_template(text: str) -> Iterator[str]:
    for form in _TEMPLATE_FORMS:
        yield from (a or b for a, b in form.findall(text))
    for inside in _BREADCRUMB.findall(text):
        words = [a or b for a, b in re.findall(_QUOTED, inside)]
        yield from (word for word in words if not word.startswith(("/", "#", "?")))
    for block in _BLOCK.findall(text):
        yield "\0".join(_VARIABLE.sub(r"%(\1)s", part) for part in _PLURAL.split(block))


def missing(folders: list[Path]) -> list[str]:
    """The sentences of the folders that no catalogue of the project translates."""
    known: set[str] = set()
    for po in catalogues():
        known.update(read_po(po.read_text()))
    return sorted(set().union(*(sentences(folder) for folder in folders)) - known)


def _as_po(sentence: str) -> str:
    quoted = [
        '"' + part.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
        for part in sentence.split("\0")
    ]
    if len(quoted) == 1:
        return f'msgid {quoted[0]}\nmsgstr ""\n'
    return f'msgid {quoted[0]}\nmsgid_plural {quoted[1]}\nmsgstr[0] ""\nmsgstr[1] ""\n'


def main(arguments: list[str]) -> int:
    """Run one command; the exit code."""
    if arguments[:1] == ["--check"]:
        old = stale()
        for po in old:
            print(f"{po}: its .mo is not current; run `python tools/messages.py`")
        torn = conflicts()
        for sentence in torn:
            print(f"two rooms translate differently: {sentence}")
        return 1 if old or torn else 0
    if arguments[:1] == ["--missing"]:
        folders = [Path(a).resolve() for a in arguments[1:]] or [SRC]
        print("\n".join(_as_po(sentence) for sentence in missing(folders)))
        return 0
    for po in catalogues():
        po.with_suffix(".mo").write_bytes(write_mo(read_po(po.read_text())))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""A definition as a handful of named texts: from a folder, from a .zip, and judged before it may be published."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace as with_
from pathlib import Path, PurePosixPath

from django.utils.translation import gettext as _

from tinhso.core.procedures.catalog import Catalog, Entry
from tinhso.core.procedures.examples import run_examples
from tinhso.kit.errors import Refusal
from tinhso.kit.yamlfile import Fault, FaultsError

#: The files a definition is made of; nothing else is taken from an archive or kept.
NAME = re.compile(r"procedure\.yml|form\.yml|outputs/[A-Za-z0-9_-]{1,60}\.typ|examples/[\w-]{1,80}\.yml")
LARGEST_FILE = 1_000_000
MOST_FILES = 60
LARGEST_ARCHIVE = 3_000_000
Files = dict[str, str]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came of reading a definition: the entry when it may be published, every fault, how many examples ran."""

    entry: Entry | None
    faults: tuple[Fault, ...] = ()
    examples: int = 0
    differing: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        return self.entry is not None and not self.differing


def files_in(folder: Path) -> Files:
    """The files of a catalogue folder by their names in it, sorted as people read them."""
    found = {str(p.relative_to(folder).as_posix()): p for p in folder.rglob("*") if p.is_file()}
    return tidy(
        {name: path.read_text(encoding="utf-8") for name, path in found.items() if NAME.fullmatch(name)}
    )


def tidy(files: Mapping[str, str]) -> Files:
    """Known files only, procedure and form first, with plain line ends: browsers send others."""
    order = {"procedure.yml": 0, "form.yml": 1}
    known = sorted(
        (n for n in files if NAME.fullmatch(n)), key=lambda n: (order.get(n, 2), n.startswith("examples/"), n)
    )
    return {name: files[name].replace("\r\n", "\n").replace("\r", "\n") for name in known}


def files_of_zip(content: bytes) -> Files:
    """The definition in a .zip, in its root or in one folder. A `Refusal` says what is wrong with the archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _unzipped(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise _bad(_("Không mở được tệp này. Hãy chọn một tệp .zip không đặt mật khẩu.")) from error
    except UnicodeDecodeError as error:
        raise _bad(_("Trong tệp .zip có tệp không phải chữ UTF-8.")) from error


def _unzipped(archive: zipfile.ZipFile) -> Files:
    members = [m for m in archive.infolist() if not m.is_dir()]
    places = [
        PurePosixPath(m.filename).parent for m in members if PurePosixPath(m.filename).name == "procedure.yml"
    ]
    if len(places) != 1:
        raise _bad(_("Tệp .zip phải có đúng một tệp procedure.yml."))
    found: Files = {}
    for member in members:
        path = PurePosixPath(member.filename)
        name = str(path.relative_to(places[0])) if path.is_relative_to(places[0]) else ""
        if not NAME.fullmatch(name):
            continue
        if len(found) == MOST_FILES:
            raise _bad(_("Tệp .zip có quá nhiều tệp (nhiều nhất %(n)s).") % {"n": MOST_FILES})
        with archive.open(member) as stream:
            data = stream.read(LARGEST_FILE + 1)  # what the archive says of its own sizes is not believed
        if len(data) > LARGEST_FILE:
            raise _bad(_("Tệp %(name)s trong tệp .zip quá lớn.") % {"name": name})
        found[name] = data.decode("utf-8")
    return tidy(found)


def _bad(message: str) -> Refusal:
    return Refusal("bad_archive", message, status=422, field="archive")


def zip_of(files: Mapping[str, str]) -> bytes:
    """The files as one .zip, the same bytes for the same texts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def judge(files: Mapping[str, str], catalog: Catalog) -> Judgement:
    """Read, check and run the examples of a definition; faults name the file as the officer knows it, and the line."""
    with tempfile.TemporaryDirectory(prefix="tinhso-definition-") as place:
        folder = Path(place)
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        try:
            entry = catalog.read(folder)
        except FaultsError as error:
            return Judgement(None, tuple(with_(f, file=_own_name(f.file, place)) for f in error.faults))
        except (
            ValueError,
            KeyError,
            TypeError,
        ) as error:  # a value no schema foresaw: still the author's to mend
            return Judgement(None, (Fault("procedure.yml", 1, "", f"Không dựng được định nghĩa: {error}"),))
        try:
            ran, wrong = run_examples(catalog, entry)
        except FaultsError as error:
            return Judgement(entry, (), 0, tuple(_own_name(str(f), place) for f in error.faults))
        except (ValueError, KeyError, TypeError, StopIteration) as error:
            return Judgement(entry, (), 0, (f"examples: {error}",))
    return Judgement(entry, (), ran, tuple(_own_name(text, place) for text in wrong))


def _own_name(text: str, place: str) -> str:
    return text.replace(place + "/", "")

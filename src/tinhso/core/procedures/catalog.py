"""Reading `catalog/procedures`: files to checked definitions. Every fault names its file and line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tinhso.core.forms.compiling import compile_fields, load_form
from tinhso.core.forms.lists import CodeLists
from tinhso.core.forms.texts import Text
from tinhso.core.procedures.build import build, source_hash
from tinhso.core.procedures.checks import in_form
from tinhso.core.procedures.model import Definition
from tinhso.core.procedures.verify import verify
from tinhso.kit.yamlfile import Document, FaultsError, load, validate


@dataclass(frozen=True, slots=True)
class Entry:
    """One folder of the catalogue: a full definition (`source`, `definition`) or an information page."""

    code: str
    folder: Path
    source: Mapping[str, Any] | None = None
    definition: Definition | None = None
    information: Mapping[str, Any] | None = None


class Catalog:
    """The catalogue below a root folder, with the roles that definitions may name."""

    def __init__(self, root: Path, roles: frozenset[str]) -> None:
        self.root, self.roles = root, roles
        self.lists = CodeLists(root)

    def folders(self) -> list[Path]:
        return sorted(p.parent for p in self.root.glob("procedures/*/*/*.yml") if p.name in FILES)

    def read(self, folder: Path) -> Entry:
        """One folder; `FaultsError` with everything wrong in its files."""
        if (folder / "information.yml").exists():
            document = self._checked(folder / "information.yml", "information")
            return Entry(document.data["code"], folder, information=document.data)
        source = self.source(folder)
        return Entry(source["procedure"]["code"], folder, source, build(source, source_hash(source)))

    def source(self, folder: Path) -> dict[str, Any]:
        """Everything a version is made of, checked: the procedure, its form, the result's form, the outputs."""
        document = self._checked(folder / "procedure.yml", "procedure")
        form = load_form(folder / "form.yml", self.lists)
        result_fields = None
        if document.data["result"].get("fields"):
            title = Text.of(document.data["result"]["name"])
            result_fields = compile_fields(document, ("result", "fields"), self.lists, title, form)
        source = {
            # the database does not keep the order of a mapping, and the order of steps means something
            "procedure": {
                **document.data,
                "process": [{"id": name, **step} for name, step in document.data["process"].items()],
            },
            "form": json.loads(form.to_json()),
            "result_form": json.loads(result_fields.to_json()) if result_fields else None,
            "outputs": {p.stem: p.read_text() for p in sorted((folder / "outputs").glob("*.typ"))},
        }
        definition = build(source)
        if wrong := verify(definition, self.roles):
            raise FaultsError(document.fault(w.path, w.message) for w in wrong)
        if wrong := in_form(definition):
            pages = load(folder / "form.yml", self.root)
            raise FaultsError(pages.fault(w.path, w.message) for w in wrong)
        return source

    def examples(self, folder: Path) -> Iterator[Document]:
        """The worked examples of a procedure, checked against their schema."""
        for path in sorted((folder / "examples").glob("*.yml")):
            yield self._checked(path, "example")

    def _checked(self, path: Path, schema: str) -> Document:
        document = load(path, self.root)
        faults = validate(document, json.loads((self.root / "schema" / f"{schema}.schema.json").read_text()))
        if faults:
            raise FaultsError(faults)
        return document


FILES = ("procedure.yml", "information.yml")

"""Code lists: `catalog/references/lists/<id>.yml`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from tinhso.core.forms.definition import Option
from tinhso.core.forms.texts import Text
from tinhso.kit.yamlfile import Fault, FaultsError, Step, load, loads, validate


@dataclass(frozen=True, slots=True)
class CodeList:
    """A list of values with their names, and where it comes from."""

    id: str
    name: Text
    source: str
    options: tuple[Option, ...]


@lru_cache(maxsize=16)
def schema(catalog: Path, name: str) -> Any:
    """The JSON Schema `catalog/schema/<name>.schema.json`."""
    return json.loads((catalog / "schema" / f"{name}.schema.json").read_text(encoding="utf-8"))


class CodeLists:
    """The lists of one catalog folder. `get` reads and checks a list once per content."""

    def __init__(self, catalog: Path) -> None:
        self.catalog = catalog
        self.folder = catalog / "references" / "lists"

    def ids(self) -> list[str]:
        return sorted(p.stem for p in self.folder.glob("*.yml"))

    def get(self, list_id: str) -> CodeList | None:
        """The list, or None when there is no such file. Raises `FaultsError` when the file is wrong."""
        path = self.folder / f"{list_id}.yml"
        if not path.is_file():
            return None
        name = str(path.relative_to(self.catalog.parent))
        try:
            return _parsed(path.read_text(encoding="utf-8"), name, self.catalog)
        except UnicodeDecodeError:
            load(path, self.catalog.parent)  # says so with the place
            raise


@lru_cache(maxsize=512)
def _parsed(text: str, file: str, catalog: Path) -> CodeList:
    document = loads(text, file)
    faults = validate(document, schema(catalog, "list"))
    if faults:
        raise FaultsError(faults)
    data = document.data
    if data["id"] != Path(file).stem:
        faults.append(document.fault(("id",), f"Tên “{data['id']}” phải giống tên tệp “{Path(file).stem}”."))
    first: dict[str, int] = {}
    for i, item in enumerate(data["items"]):
        if item["value"] in first:
            faults.append(_twice(document.fault, i, item["value"], first[item["value"]]))
        first.setdefault(item["value"], document.line(("items", i)))
    if faults:
        raise FaultsError(faults)
    options = tuple(Option(i["value"], Text.of(i["label"]), Text.of(i.get("hint"))) for i in data["items"])
    return CodeList(data["id"], Text.of(data["name"]), data["source"], options)


def _twice(fault: Callable[[Iterable[Step], str], Fault], index: int, value: str, line: int) -> Fault:
    return fault(("items", index, "value"), f"Mã “{value}” đã có ở dòng {line}. Mỗi mã chỉ viết một lần.")

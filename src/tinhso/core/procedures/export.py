"""From a stored version back to the files it was made of, so that officers edit what is in force.

Everything the engine reads comes back exactly: reading the files again gives the same hash. Comments and
the author's layout do not; versions that kept their own files (`VersionFiles`) need not come this way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

_INLINE = 100
#: The order in which people read a definition; what is not named here follows by name.
_ORDER = """
id code value name field keywords vi en title type label hint intro summary who notes decision legal
clause source valid service_level partial_reason applicants channels competence level agency place
text variants papers kind original copy fees amount tiered quantity times tiers upto each cap exempt
process do unit by within time cutoff when to required past future min max max_length list options
repeat prefill autocomplete width question document next result series number_format supplement
answer_within pages fields checks rule message
""".split()  # noqa: SIM905  a list of words is read more easily so
_RANK = {key: n for n, key in enumerate(_ORDER)}
_COMPILED_NAMES = {"minimum": "min", "maximum": "max", "code_list": "list"}


def files_of_source(source: Mapping[str, Any]) -> dict[str, str]:
    """`{"procedure.yml": text, "form.yml": text, "outputs/<name>.typ": text}` of a version's stored source."""
    procedure = dict(source["procedure"])
    procedure["process"] = {
        step["id"]: {key: value for key, value in step.items() if key != "id"}
        for step in procedure["process"]
    }
    form = {"title": source["form"]["title"], "pages": source["form"]["pages"]}
    return {
        "procedure.yml": to_yaml(procedure),
        "form.yml": to_yaml(_as_written(form)),
        **{f"outputs/{name}.typ": text for name, text in sorted(source["outputs"].items())},
    }


def to_yaml(data: Any) -> str:
    """YAML as the catalogue writes it: small groups on one line, keys in reading order, letters as they are."""
    return yaml.dump(_ordered(data), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=4096)


def _as_written(item: Any) -> Any:
    """A compiled form with the names that `form.yml` uses."""
    if isinstance(item, list):
        return [_as_written(part) for part in item]
    if not isinstance(item, Mapping):
        return item
    return {_COMPILED_NAMES.get(key, key): _as_written(value) for key, value in item.items()}


def _ordered(item: Any, *, keep: bool = False) -> Any:
    """Keys in reading order; the names of steps keep theirs, because it is the order of the work."""
    if isinstance(item, list):
        return [_ordered(part) for part in item]
    if not isinstance(item, Mapping):
        return item
    keys = list(item) if keep else sorted(item, key=lambda key: (_RANK.get(key, len(_RANK)), key))
    return {key: _ordered(item[key], keep=key == "process") for key in keys}


class _Dumper(yaml.SafeDumper):
    """Block style, but what fits on one line and holds only plain values stands on it."""

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> yaml.MappingNode:
        node = super().represent_mapping(tag, mapping, flow_style)
        node.flow_style = _fits([part for pair in node.value for part in pair])
        return node

    def represent_sequence(
        self, tag: str, sequence: Any, flow_style: bool | None = None
    ) -> yaml.SequenceNode:
        node = super().represent_sequence(tag, sequence, flow_style)
        node.flow_style = _fits(node.value)
        return node

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _fits(nodes: list[yaml.Node]) -> bool:
    if any(isinstance(node, yaml.CollectionNode) and not node.flow_style for node in nodes):
        return False
    return sum(_length(node) + 2 for node in nodes) <= _INLINE


def _length(node: yaml.Node) -> int:
    if isinstance(node, yaml.ScalarNode):
        return len(node.value)
    parts = [p for pair in node.value for p in pair] if isinstance(node, yaml.MappingNode) else node.value
    return sum(_length(part) + 2 for part in parts)

"""Reads a SAM template as plain Python: each short form (`!Ref X`) becomes its long form (`{"Ref": "X"}`)."""

from pathlib import Path
from typing import Any

import yaml

Template = dict[str, Any]


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's tags."""


def _tag(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        text = loader.construct_scalar(node)
        return {name: text.split(".", 1) if suffix == "GetAtt" else text}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.MappingNode)
    return {name: loader.construct_mapping(node, deep=True)}


_Loader.add_multi_constructor("!", _tag)


def read_template(path: Path) -> Template:
    """Raises yaml.YAMLError for a file that is not YAML."""
    template: Template = yaml.load(path.read_text(), Loader=_Loader)  # noqa: S506 - a SafeLoader with tags
    return template


def resources(template: Template, kind: str) -> dict[str, Template]:
    """Logical name -> resource, for all of one type."""
    return {name: found for name, found in template["Resources"].items() if found["Type"] == kind}

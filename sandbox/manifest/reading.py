"""Reading a manifest: YAML or JSON text, or the object itself, into one JSON object."""

import json
from typing import Any

import yaml

from sandbox.manifest.checking import problems
from sandbox.state.model import Json

LONGEST = 500_000


class BadManifestError(ValueError):
    """A manifest that Slack would refuse; `errors` says of each mistake what and where."""

    def __init__(self, errors: list[Json]) -> None:
        super().__init__("; ".join(f"{e['pointer'] or '/'}: {e['message']}" for e in errors))
        self.errors = errors


class StrictLoader(yaml.SafeLoader):  # type: ignore[misc]  # yaml comes without types
    """YAML without aliases: a few bytes of them can mean more than any machine can walk through."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Refuse an alias where a node is wanted."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not allowed")
        return super().compose_node(parent, index)


def read_manifest(given: Any) -> Json:
    """The manifest as an object, in order; raises BadManifestError."""
    manifest = _parsed(given) if isinstance(given, str) else given
    if not isinstance(manifest, dict):
        raise BadManifestError([{"message": "must provide an object", "pointer": ""}])
    errors = problems(manifest)
    if errors:
        raise BadManifestError(errors)
    return manifest


def _parsed(text: str) -> Any:
    if len(text) > LONGEST:
        raise BadManifestError([{"message": f"longer than {LONGEST} characters", "pointer": ""}])
    try:
        if text.lstrip().startswith("{"):
            return json.loads(text)
        return yaml.load(text, Loader=StrictLoader)  # noqa: S506 - a safe loader, but stricter
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        first = str(error).splitlines()[0] if str(error) else "too deeply nested"
        raise BadManifestError([{"message": f"unreadable: {first}", "pointer": ""}]) from error


def as_yaml(manifest: Json) -> str:
    """A manifest as YAML text, for people to read and keep."""
    return str(yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True))

"""YAML front matter as strings: `code: 00700` stays 00700, and nothing in it is more than text.

PyYAML's own loaders turn 00700 into 448, `no` into False and let a duplicate key win. This reads its event stream
instead: anchors, aliases, tags, merge keys and directives are refused, and so are keys that stand there twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

from quantshark.errors import SourceError
from quantshark.sources.raw import RawText
from quantshark.sources.refused import refused

MAX_BYTES = 16_384
MAX_DEPTH = 5

Value = str | tuple["Value", ...] | Mapping[str, "Value"]


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The keys of a file and the text behind them."""

    name: str
    values: Mapping[str, Value]
    body: str

    def text(self, key: str) -> str:
        """The one string behind `key`, "" where the key is absent or empty; a list or a mapping is refused."""
        value = self.values.get(key, "")
        if not isinstance(value, str):
            raise refused("front_value", self.name, key=key)
        return value.strip()


def has_front_matter(raw: RawText) -> bool:
    return raw.text.startswith(("---\n", "+++\n")) or raw.text.rstrip() == "---"


def split(raw: RawText) -> FrontMatter:
    """Front matter and body of a file that opens with ---; raises SourceError with the line."""
    if raw.text.startswith("+++"):
        raise refused("front_toml", raw.name, 1)
    head, body = _cut(raw)
    return FrontMatter(raw.name, parse(raw.name, head), body)


def _cut(raw: RawText) -> tuple[str, str]:
    start = len("---\n")
    position = start
    for line in raw.text[start : start + MAX_BYTES + 8].splitlines(keepends=True):
        if line.rstrip() == "---":
            return raw.text[start:position], raw.text[position + len(line) :]
        position += len(line)
    code = "front_size" if len(raw.text) > start + MAX_BYTES else "front_open"
    raise refused(code, raw.name, 1, limit=MAX_BYTES)


def parse(name: str, head: str, first_line: int = 2) -> Mapping[str, Value]:
    """A YAML mapping with nothing but strings, lists and mappings of strings."""
    if len(head.encode()) > MAX_BYTES:
        raise refused("front_size", name, first_line, limit=MAX_BYTES)
    return _Strings(name, first_line).read(head)


class _Strings:
    """Builds strings from YAML events. The pure-Python parser, so that every machine accepts the same files."""

    def __init__(self, name: str, first_line: int) -> None:
        self.name = name
        self.first_line = first_line

    def read(self, head: str) -> Mapping[str, Value]:
        try:
            return self._document(yaml.parse(head, Loader=yaml.SafeLoader))
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = self.first_line + mark.line if isinstance(mark, yaml.Mark) else self.first_line
            why = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
            raise refused("front_yaml", self.name, line, why=str(why)) from error

    def _document(self, events: Iterator[yaml.Event]) -> Mapping[str, Value]:
        value: Value | None = None
        for event in events:
            match event:
                case yaml.DocumentStartEvent():
                    if event.explicit or event.version or event.tags:
                        raise self._refused("front_feature", event, feature="a second document or a directive")
                case yaml.MappingStartEvent():
                    value = self._mapping(event, events, 1)
                case yaml.NodeEvent():
                    raise self._refused("front_shape", event)
                case _:
                    pass  # stream and document ends
        return value if isinstance(value, Mapping) else {}

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Value:
        if depth > MAX_DEPTH:
            raise self._refused("front_depth", event, limit=MAX_DEPTH)
        match event:
            case yaml.ScalarEvent():
                self._plain(event)
                return str(event.value)
            case yaml.SequenceStartEvent():
                return self._sequence(event, events, depth)
            case yaml.MappingStartEvent():
                return self._mapping(event, events, depth)
            case _:
                raise self._refused("front_feature", event, feature="an alias (*)")

    def _sequence(self, opening: yaml.Event, events: Iterator[yaml.Event], depth: int) -> tuple[Value, ...]:
        self._plain(opening)
        items: list[Value] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._node(event, events, depth + 1))
        return tuple(items)

    def _mapping(self, opening: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Mapping[str, Value]:
        self._plain(opening)
        values: dict[str, Value] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._key(event, values)
            values[key] = self._node(next(events), events, depth + 1)
        return values

    def _key(self, event: yaml.Event, known: Mapping[str, Value]) -> str:
        if isinstance(event, yaml.AliasEvent):
            raise self._refused("front_feature", event, feature="an alias (*)")
        if not isinstance(event, yaml.ScalarEvent):
            raise self._refused("front_shape", event)
        self._plain(event)
        key = str(event.value)
        if key == "<<":
            raise self._refused("front_feature", event, feature="a merge key (<<)")
        if key in known:
            raise self._refused("front_twice", event, key=key)
        return key

    def _plain(self, event: yaml.Event) -> None:
        """No anchor and no tag: neither means anything to a list of strings."""
        if getattr(event, "anchor", None) is not None:
            raise self._refused("front_feature", event, feature="an anchor (&)")
        if getattr(event, "tag", None) is not None:
            raise self._refused("front_feature", event, feature="a tag (!)")

    def _refused(self, code: str, event: yaml.Event, **values: object) -> SourceError:
        mark = event.start_mark
        line = self.first_line + mark.line if isinstance(mark, yaml.Mark) else self.first_line
        return refused(code, self.name, line, **values)

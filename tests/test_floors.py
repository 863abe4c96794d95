"""The house stands: imports go down, each third party has one door, light things stay light."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parent.parent / "quantshark"

# From the ground up; rooms on one line stand on one floor.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("errors",),
    ("model", "settings", "data"),
    ("calendars",),
    ("lexicon",),
    ("sources", "store", "prompts", "editions"),
    ("context", "binder"),
    ("checks",),
    ("",),  # the face: `from quantshark import check`
    ("writers", "press", "runs"),
    ("newsroom",),
    ("desk", "lab"),
    ("console",),
    ("cli",),
    ("__main__",),
)
FLOOR = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}

# Who on one floor may know whom, and why.
NEIGHBOURS = {
    ("data", "model"): "registries are read into the nouns",
    ("editions", "prompts"): "an edition names its prompt files",
    ("context", "binder"): "derived facts are found by the binder's rules",
}

# The face names the newsroom lazily, inside of a function.
LAZY_UPWARDS = {("", "newsroom")}

DOORS: dict[str, tuple[str, ...]] = {
    "langchain": ("writers/chain.py",),
    "langchain_core": ("writers/chain.py",),
    "langchain_openai": ("writers/chain.py",),
    "openai": ("writers/chain.py", "writers/calls.py"),
    "tenacity": ("writers/calls.py", "writers/chain.py"),
    "sqlalchemy": ("store/",),
    "sqlite3": ("store/",),
    "psycopg": ("store/",),
    "dbos": ("runs/dbos.py",),
    "prometheus_client": ("desk/watch.py",),
    "fastapi": ("console/",),
    "starlette": ("console/",),
    "uvicorn": ("cli/serve.py",),
    "typer": ("cli.py", "cli/"),
    "pydantic_settings": ("settings.py",),
    "tiktoken": ("prompts.py", "prompts/", "context.py", "context/"),
    "markdown_it": ("press/",),
    "feedparser": ("sources/feeds/atom.py",),
    "httpx": ("sources/feeds/wire.py", "press/targets/"),
    "akshare": (),  # in a process of its own: sources/feeds/public_data.py
    "resvg_py": ("press/raster.py",),
    "PIL": ("press/raster.py",),
    "weasyprint": ("press/paper.py",),
    "docx": ("press/word.py",),
    "nh3": ("press/", "sources/page.py"),
}

HEAVY = (
    "pydantic",
    "sqlalchemy",
    "langchain_core",
    "langchain_openai",
    "openai",
    "dbos",
    "prometheus_client",
    "tiktoken",
    "jinja2",
    "yaml",
    "nh3",
    "opencc",
)
LIGHT = ("quantshark", "quantshark.errors", "quantshark.model", "quantshark.lexicon", "quantshark.checks")


@cache
def modules() -> tuple[tuple[Path, str], ...]:
    return tuple(_modules())


def _modules() -> Iterator[tuple[Path, str]]:
    for path in sorted(HOUSE.rglob("*.py")):
        name = path.relative_to(HOUSE).with_suffix("").as_posix().split("/")[0]
        yield path, "" if name == "__init__" else name


@cache
def imported(path: Path) -> tuple[tuple[str, bool], ...]:
    return tuple(_imported(path))


def _imported(path: Path) -> Iterator[tuple[str, bool]]:
    """Every module that `path` imports, absolute, and whether at its top (not inside a function or for types only)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    lazy = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        or (isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING")
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, id(node) not in lazy
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}:{node.lineno} uses a relative import; write the full path"
            assert node.module
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if is_module(whole) else node.module, id(node) not in lazy


def is_module(name: str) -> bool:
    path = HOUSE.parent.joinpath(*name.split("."))
    return name.startswith("quantshark.") and (path.is_dir() or path.with_suffix(".py").is_file())


def room_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def test_every_room_has_its_floor() -> None:
    assert {room for _, room in modules()} <= FLOOR.keys()


def test_imports_go_down_only() -> None:
    upward = [
        f"{path.relative_to(HOUSE)} imports {module}"
        for path, room in modules()
        for module, at_top in imported(path)
        if module.split(".")[0] == "quantshark"
        for other in [room_of(module)]
        if other != room
        and FLOOR[other] >= FLOOR[room]
        and (room, other) not in NEIGHBOURS
        and (at_top or (room, other) not in LAZY_UPWARDS)
    ]
    assert upward == []


def test_no_ring_within_a_room() -> None:
    """Modules of one room may know each other, but not in a circle."""
    names = {
        path: ".".join(("quantshark", *path.relative_to(HOUSE).with_suffix("").parts)).removesuffix(".__init__")
        for path, _ in modules()
    }
    known = set(names.values())
    edges = {
        names[path]: {
            module for module, at_top in imported(path) if at_top and module in known and module != names[path]
        }
        for path in names
    }
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, f"a ring: {' -> '.join((*trail[trail.index(name) :], name))}"
        if name not in done:
            for other in sorted(edges[name]):
                visit(other, (*trail, name))
            done.add(name)

    for name in sorted(edges):
        visit(name, ())


@pytest.mark.parametrize("package", sorted(DOORS))
def test_each_third_party_has_one_door(package: str) -> None:
    doors = DOORS[package]
    others = [
        str(path.relative_to(HOUSE))
        for path, _ in modules()
        if any(module.split(".")[0] == package for module, _ in imported(path))
        and not path.relative_to(HOUSE).as_posix().startswith(doors)
    ]
    assert others == []


def loaded_by(code: str) -> set[str]:
    """The heavy packages that a fresh interpreter has loaded after `code`."""
    probe = f"import sys\n{code}\nprint(','.join(sorted({{m.split('.')[0] for m in sys.modules}})))"
    result = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)  # noqa: S603
    return set(result.stdout.strip().splitlines()[-1].split(",")) & set(HEAVY)


@pytest.mark.parametrize("module", LIGHT)
def test_light_rooms_load_nothing_heavy(module: str) -> None:
    assert loaded_by(f"import {module}") == set()


def test_help_loads_nothing_heavy() -> None:
    code = """
from quantshark import cli
try:
    cli.main(["--help"])
except SystemExit:
    pass
"""
    assert loaded_by(code) == set()


def test_find_figures_and_check_load_nothing_heavy() -> None:
    code = """
from quantshark import Document, check, find_figures
find_figures("南向资金净卖出52.87亿港元")
check("南向资金净卖出52.87亿港元。", [Document("a", "12月11日，南向资金净卖出52.87亿港元。")])
"""
    assert loaded_by(code) == set()

"""The calculation engine stands on the standard library alone, so that it can be read, moved and trusted as it is."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENGINE = ROOT / "webapp" / "calculations" / "engine"
PACKAGE = "webapp.calculations.engine"
MODULES = sorted(ENGINE.glob("*.py"))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ENGINE)))
def test_a_module_of_the_engine_imports_nothing_but_the_standard_library(module: Path) -> None:
    tree = ast.parse(module.read_text())

    imported: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported.update(name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "write where it comes from in full"
            imported.add(node.module or "")

    for name in imported:
        assert name.split(".")[0] in sys.stdlib_module_names or f"{name}.".startswith(f"{PACKAGE}."), name


def test_the_engine_is_imported_without_anything_installed() -> None:
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in MODULES if path.stem != "__init__"]
    # Slow to import, and of no use here.
    unwanted = {"dataclasses", "inspect", "asyncio", "email", "urllib", "unittest"}
    script = f"import sys, {', '.join(names)}\nprint(*sorted({unwanted!r} & sys.modules.keys()))"

    done = subprocess.run(
        [sys.executable, "-S", "-c", script], cwd=ROOT, capture_output=True, text=True, check=False, timeout=30
    )

    assert done.stderr == ""
    assert done.stdout.split() == []

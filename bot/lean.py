"""Libraries without those of their parts that Diting never asks for: a module that is loaded is memory for good."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from types import ModuleType


@contextmanager
def absent(*names: str) -> Iterator[None]:
    """Inside, these packages can't be imported: libraries that use them if they are there do without.

    Who imports one afterwards gets it; what is loaded already stays as it is.
    """
    away = {name: module for name, module in sys.modules.items() if name.partition(".")[0] in names}
    sys.modules.update(dict.fromkeys([*names, *away]))  # type: ignore[arg-type]  # None: not to be imported
    try:
        yield
    finally:
        for name in (*names, *away):
            sys.modules.pop(name, None)
        sys.modules.update(away)


def on_demand(package: str, names: Mapping[str, str]) -> None:
    """Put a package in place without running its `__init__`, which imports all that it has.

    `names` tells in which of its modules those stand that are wanted. Whoever asks for another has `__init__` run.
    """
    spec = None if package in sys.modules else find_spec(package)
    if spec is None or spec.loader is None:
        return
    loader, module = spec.loader, module_from_spec(spec)

    def find(name: str) -> object:
        if name in names:
            setattr(module, name, getattr(import_module(f"{package}.{names[name]}"), name))
            return getattr(module, name)
        if name.startswith("__") and name != "__all__":
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        if find_spec(f"{package}.{name}"):
            return import_module(f"{package}.{name}")
        del module.__getattr__
        loader.exec_module(module)
        return getattr(module, name)

    module.__getattr__ = find  # type: ignore[method-assign]  # PEP 562
    sys.modules[package] = module
    _hang(package, module)


def _hang(package: str, module: ModuleType) -> None:
    """A module is an attribute of the package it is in."""
    parent, _, name = package.rpartition(".")
    if parent:
        setattr(import_module(parent), name, module)

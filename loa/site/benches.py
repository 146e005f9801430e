"""`loa bench`: the benchmarks of the source tree, one command each."""

import importlib
import pkgutil
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec

from loa.kernel.errors import LoaError


class NoSuchBenchmark(LoaError):
    """There is no benchmark of that name, or none at all in this installation."""


def run(words: Sequence[str]) -> int:
    """Run the benchmark that the first word names ("all" runs each); list them without one."""
    found = _names()
    if not words or words[0] in {"-h", "--help"}:
        sys.stderr.write("loa bench NAME [--help]\n")
        sys.stdout.write("".join(f"{name}\t{_summary(name)}\n" for name in found))
        return 0
    if words[0] == "all":
        return max((_run_one(name, words[1:]) for name in found), default=0)
    if words[0] not in found:
        raise NoSuchBenchmark(f"There is no benchmark {words[0]!r}. There are: {', '.join(found)}.")
    return _run_one(words[0], words[1:])


def _run_one(name: str, words: Sequence[str]) -> int:
    module = importlib.import_module(f"benchmarks.{name}")
    main: Callable[[Sequence[str]], int | None] = module.main
    sys.stdout.write(f"{name}: {_summary(name)}\n")
    return main(words) or 0


def _names() -> list[str]:
    spec = find_spec("benchmarks")
    if spec is None or not spec.submodule_search_locations:
        raise NoSuchBenchmark("The benchmarks are part of the source tree: run this from there.")
    modules = pkgutil.iter_modules(spec.submodule_search_locations)
    return sorted(
        module.name
        for module in modules
        if not module.name.startswith("_") and module.name != "tests"
    )


def _summary(name: str) -> str:
    return (importlib.import_module(f"benchmarks.{name}").__doc__ or "").partition("\n")[0]

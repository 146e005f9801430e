"""The `loa` command: everything an administrator types.

Each sub-command imports only what it needs, so that `loa up` stays small.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from loa.kernel.errors import LoaError
from loa.site import invocation

INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code. A problem we foresaw is a sentence on stderr."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        return _run(words)
    except LoaError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return 1


def _run(words: list[str]) -> int:
    """Dispatch: our own commands, then those of the apps, then whatever Django offers."""
    if words and words[0] in {"migrate", *invocation.app_commands()}:
        return _manage(argparse.Namespace(words=words))
    if words and words[0] == "manage":
        return _manage(argparse.Namespace(words=words[1:] or ["help"]))
    if words and words[0] == "bench":
        from loa.site import benches  # noqa: PLC0415

        return benches.run(words[1:])
    options = _parser().parse_args(words)
    run: Callable[[argparse.Namespace], int] = options.run
    return run(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="loa",
        description="Loa, the desk of a social media manager.",
        epilog="Further commands: " + ", ".join(invocation.app_commands()) + ". Each has --help.",
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    up = _add(commands, "up", _up, "Run everything on this machine until Ctrl-C.")
    up.add_argument("--logs", action="store_true", help="show the logs here, not in LOA_HOME/logs")
    _add(commands, "web", _web, "Answer browsers: the web process alone.")
    _add(commands, "work", _work, "Send, fetch and repeat: one worker process alone.")
    _add(commands, "doctor", _doctor, "Check this installation and say what to mend.")

    _add(commands, "demo", _demo, "Fill a café's demo workspace, once; `loa up` does it by itself.")

    backup = _add(commands, "backup", _backup, "Write database, media and keys into one file.")
    backup.add_argument("file", type=Path, help="the file to write; it must not exist")
    backup.add_argument(
        "--without-keys", action="store_true", help="leave the keys out; keep them elsewhere"
    )
    restore = _add(commands, "restore", _restore, "Bring a backup back into an empty LOA_HOME.")
    restore.add_argument("file", type=Path, help="a file that `loa backup` wrote")

    for name, help_text in (
        ("migrate", "Bring the database up to date, as its owner."),
        ("bench NAME", "Run a benchmark; without a name, list them."),
        ("manage WORDS", "Run a command of the web framework."),
    ):
        commands.add_parser(name, help=help_text)
    return parser


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    run: Callable[[argparse.Namespace], int],
    help_text: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=help_text, description=help_text)
    parser.set_defaults(run=run)
    return parser


def _up(options: argparse.Namespace) -> int:
    from loa.site import up  # noqa: PLC0415

    return up.run(logs_here=options.logs)


def _web(_options: argparse.Namespace) -> int:
    from loa.site import inside  # noqa: PLC0415

    return inside.web()


def _work(_options: argparse.Namespace) -> int:
    from loa.site import inside  # noqa: PLC0415

    return inside.work()


def _manage(options: argparse.Namespace) -> int:
    from loa.site import inside  # noqa: PLC0415

    return inside.manage(options.words)


def _doctor(_options: argparse.Namespace) -> int:
    from loa.site import inside  # noqa: PLC0415

    return inside.doctor()


def _demo(_options: argparse.Namespace) -> int:
    from loa.site import inside  # noqa: PLC0415

    return inside.demo()


def _backup(options: argparse.Namespace) -> int:
    from loa.site import backup  # noqa: PLC0415

    return backup.run(options.file, with_keys=not options.without_keys)


def _restore(options: argparse.Namespace) -> int:
    from loa.site import restore  # noqa: PLC0415

    return restore.run(options.file)


if __name__ == "__main__":
    sys.exit(main())

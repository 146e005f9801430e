"""Commands that run inside Django: each makes sure of a database and translates its failures."""

import os
from collections.abc import Callable, Sequence

from loa.kernel.errors import LoaError
from loa.ops.home import Home
from loa.ops.postgres import serving

# These change the schema, so they run as its owner.
AS_OWNER = {"migrate", "flush", "sqlflush", "dbshell"}
# These need no database at all.
WITHOUT_DATABASE = {"help", "makemessages", "compilemessages", "version", "--version", "--help"}


class NoDatabase(LoaError):
    """The database does not answer; the message says why and what would help."""


def web() -> int:
    """Run the web process."""
    _refuse_without_database("web")

    def run() -> None:
        from django.conf import settings  # noqa: PLC0415

        from loa.site import web as server  # noqa: PLC0415

        server.serve(address=settings.BIND, port=settings.PORT)

    return _in_django(run)


def work() -> int:
    """Run a worker process."""
    _refuse_without_database("work")

    def run() -> None:
        from loa.ops import work as worker  # noqa: PLC0415

        worker.run()

    return _in_django(run)


def doctor() -> int:
    """Run all checks, without a word about a database that is down already."""
    from loa.site import doctor as checks  # noqa: PLC0415

    with serving.serving(Home.from_environment(), command="loa doctor"):
        return _in_django(checks.run)


def demo() -> int:
    """Fill the demo, once."""

    def run() -> int:
        from loa.site.demo import filling  # noqa: PLC0415

        return filling.run()

    with serving.serving(Home.from_environment(), command="loa demo"):
        return _in_django(run)


def manage(words: Sequence[str]) -> int:
    """Run a management command; an embedded database is started for it if need be."""
    if words[0] in AS_OWNER:
        os.environ["LOA_DATABASE_ROLE"] = "owner"

    def run() -> None:
        from django.core.management import execute_from_command_line  # noqa: PLC0415

        execute_from_command_line(["loa", *words])

    if words[0] in WITHOUT_DATABASE or "--help" in words:
        return _in_django(run)
    with serving.serving(Home.from_environment(), command=f"loa {words[0]}"):
        return _in_django(run)


def _refuse_without_database(name: str) -> None:
    """Refuse `loa web` alone with the embedded database down: nobody would start it."""
    home = Home.from_environment().made()
    socket = home.socket_folder / ".s.PGSQL.5432"
    if serving.is_embedded() and not socket.exists():
        raise NoDatabase(
            f"`loa {name}` found no database. `loa up` runs one together with everything else; "
            f"to run `loa {name}` by itself, set DATABASE_URL to a PostgreSQL server of your own."
        )


def _in_django(run: Callable[[], int | None]) -> int:
    """Set Django up and run; a database that does not answer becomes a sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "loa.site.settings")
    import django  # noqa: PLC0415
    from django.db import Error as DatabaseError  # noqa: PLC0415
    from django.db import OperationalError  # noqa: PLC0415

    try:
        django.setup()
        return run() or 0
    except OperationalError as error:
        raise NoDatabase(_sentence(error)) from None
    except DatabaseError as error:
        if "does not exist" in str(error) and "relation" in str(error):
            raise NoDatabase(
                "The database has not been brought up to date yet. Run `loa migrate` first."
            ) from None
        raise


def _sentence(error: Exception) -> str:
    said = str(error).strip().splitlines()
    return (
        f"The database does not answer: {said[-1] if said else 'no reason given'}. "
        "Check DATABASE_URL, or run `loa doctor`."
    )

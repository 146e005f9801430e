"""Give the tests an installation of their own, before any setting is read.

Loaded by pytest's `-p`, because pytest-django reads the settings before any conftest.py.
"""

import os
import shutil
import tempfile

from loa.ops import translations

# What a developer may have set for their own Loa must not reach the tests.
for name in [name for name in os.environ if name.startswith("LOA_")]:
    if name not in {"LOA_SPECS", "LOA_TEST_SERVER"}:
        del os.environ[name]

home = tempfile.mkdtemp(prefix="loa-tests-")
os.environ["LOA_HOME"] = home
os.environ["DJANGO_SETTINGS_MODULE"] = "loa.site.settings"
os.environ["LOA_PUBLIC_URL"] = "http://testserver"


def pytest_unconfigure() -> None:
    """Remove the installation."""
    shutil.rmtree(home, ignore_errors=True)


def pytest_configure() -> None:
    """Make the translations, so that pages are tested in the words people see."""
    translations.compile_stale()

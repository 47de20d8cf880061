"""The ledgers that the service is given here were served before: their read models stand."""

import pytest

from service.postgres import Postgres
from tests.conftest import served


@pytest.fixture(scope="session")
def template(cluster: Postgres, template: str) -> str:
    """What a fresh ledger is a copy of."""
    return served(cluster, template)

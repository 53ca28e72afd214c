"""The API against its own OpenAPI document: whatever a program sends, never a server error."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import APIOperation, Case

from tests.installation import Installation

pytestmark = pytest.mark.slow

EXAMPLES = settings(
    max_examples=12, deadline=None, phases=(Phase.explicit, Phase.generate), database=None, derandomize=True,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


def test_no_request_is_a_server_error(province: Installation) -> None:
    """Called with a citizen's key; an error is always problem+json."""
    schema = schemathesis.openapi.from_url(f"{province.url}/api/v1/openapi.json")
    faults: list[str] = []
    operations = [found.ok() for found in schema.get_all_operations()]
    for operation in operations:
        _try(operation, province.keys["citizen"], faults)
    assert len(operations) >= 10
    assert faults == [], "\n".join(faults)


def _try(operation: APIOperation, key: str, faults: list[str]) -> None:
    @given(case=operation.as_strategy())
    @EXAMPLES
    def call(case: Case) -> None:
        response = case.call(headers={"Authorization": f"Bearer {key}"})
        told = f"{case.as_curl_command()} -> {response.status_code}"
        if response.status_code >= 500:
            faults.append(told)
        elif response.status_code >= 400:
            kind = response.headers["content-type"][0]
            if not kind.startswith("application/problem+json"):
                faults.append(f"{told} as {kind}: {response.text[:200]}")

    call()

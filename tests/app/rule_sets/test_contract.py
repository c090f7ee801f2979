"""What the API's description promises of rule sets and health holds for any request."""

import pytest
import schemathesis
from hypothesis import given
from hypothesis import settings as examples
from schemathesis import GenerationMode

from engine.warm import warm
from tests.storm_size import repetitions

ROOMS = "^/(v1/rule-sets|health)"
DRAWS = len(repetitions(6, 20))
READ = ["/health/live", "/health/ready", "/v1/rule-sets", "/v1/rule-sets/{identifier}"]


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_every_answer_is_the_described_one(client, service, mode):
    described = schemathesis.openapi.from_asgi("/openapi.json", service)
    service.state.readiness.kernels_warm = warm()
    seen = set()
    for found in described.include(path_regex=ROOMS).get_all_operations():
        operation = found.ok()
        # What takes no input cannot be given a wrong one.
        if mode is GenerationMode.NEGATIVE and not operation.query:
            continue

        @given(case=operation.as_strategy(generation_mode=mode))
        @examples(max_examples=DRAWS)
        def check(case):
            seen.add(case.operation.path)
            case.call_and_validate(session=client)

        check()
    assert seen >= set(READ[2:] if mode is GenerationMode.NEGATIVE else READ)

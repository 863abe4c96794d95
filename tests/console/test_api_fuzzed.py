"""schemathesis: odd inputs to every operation of the JSON API; none brings it down, each answers as it says it does."""

# schemathesis leaves its fixtures and checks half typed:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownParameterType=false
# pyright: reportUntypedFunctionDecorator=false, reportMissingTypeArgument=false, reportUnknownArgumentType=false

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from quantshark.console import create_app
from quantshark.newsroom import Newsroom
from quantshark.newsroom.people import People

EXAMPLES = 5
CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]


@pytest.fixture
def described(newsroom: Newsroom) -> schemathesis.openapi.OpenApiSchema:  # type: ignore[name-defined]
    app = create_app(newsroom)
    loaded = schemathesis.openapi.from_asgi("/api/openapi.json", app)
    loaded.config.headers = {"Authorization": f"Bearer {People(newsroom.store).add_token('编辑甲', '试')}"}
    # A draft that really starts is another test's matter.
    return loaded.exclude(path_regex=r"/draft$")


schema = schemathesis.pytest.from_fixture("described")


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
def test_every_operation_answers_as_it_says(case: Case) -> None:
    case.call_and_validate(checks=CHECKS)

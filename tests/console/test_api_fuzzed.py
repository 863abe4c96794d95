"""schemathesis: odd inputs to every operation of the JSON API; none brings it down, each answers as it says it does."""

# schemathesis leaves its fixtures and checks half typed:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownParameterType=false
# pyright: reportUntypedFunctionDecorator=false, reportMissingTypeArgument=false, reportUnknownArgumentType=false

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation
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


def test_every_operation_answers_as_it_says(described: schemathesis.openapi.OpenApiSchema) -> None:  # type: ignore[name-defined]
    """One test for all: schemathesis's own lazy tests reach into a pytest of before 9.1."""
    told: list[str] = []
    for found in described.get_all_operations():
        operation = found.ok()
        told.append(operation.label)
        _ask(operation)
    assert len(told) > 30


def _ask(operation: APIOperation) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )
    @given(case=operation.as_strategy())
    def answers(case: Case) -> None:
        case.call_and_validate(checks=CHECKS)

    answers()

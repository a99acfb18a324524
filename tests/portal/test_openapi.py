"""The description: true to the code, in both languages, and nothing sent by it gets a 5xx."""

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from core.desk import access
from tests.factories import Desk
from tests.portal.conftest import Api, api_of

EXAMPLES = 60  # per operation and mode: some twenty seconds in all
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


@pytest.mark.parametrize(
    "mode", [schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE]
)
def test_nothing_that_the_description_allows_or_forbids_breaks_the_api(
    desk: Desk, tmp_path: Path, mode: Any
) -> None:
    app = api_of(desk, tmp_path / "files")
    key = desk.db.transact(access.new_api_key, "shop", "fuzz")
    number = desk.at(desk.at_stage("awaiting_evidence")).row.number
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    seen = set()
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def attack(case: Any) -> None:
            if "number" in (case.path_parameters or {}) and mode.is_positive:
                case.path_parameters["number"] = number  # a random one would only ever meet 404
            case.call_and_validate(headers={"Authorization": f"Bearer {key}"}, checks=CHECKS)

        attack()
        seen.add(operation.label)
    assert len(seen) == 6


def test_description_is_told_in_the_readers_language(small_api: Api) -> None:
    url = small_api.url.removesuffix("/v1") + "/openapi.json"
    client = small_api.bare()
    english = client.get(url).json()
    chinese = client.get(url, headers={"Accept-Language": "zh-CN"}).json()
    assert english["openapi"] == "3.1.0"
    assert english["servers"] == [{"url": "/api"}]
    assert english["paths"].keys() == chinese["paths"].keys()
    opened = [told["paths"]["/v1/disputes"]["post"]["summary"] for told in (english, chinese)]
    assert opened == ["Open a dispute", "开立纠纷单"]
    assert [text for text in _texts(english) if text.startswith("api.")] == []


def test_page_shows_every_operation_and_loads_nothing_from_elsewhere(small_api: Api) -> None:
    url = small_api.url.removesuffix("/v1") + "/docs"
    page = small_api.bare().get(url, headers={"Accept-Language": "zh-CN"}).text
    assert 'lang="zh-CN"' in page
    for word in ("开立纠纷单", "提交凭证", "/api/v1/payments/{reference}", "DisputeOut"):
        assert word in page
    assert "://" not in page
    assert "<script" not in page


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in _texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return [value] if isinstance(value, str) else []

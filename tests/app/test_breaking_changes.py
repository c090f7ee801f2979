"""What a program relies on stays: a breaking change of the API fails unless the changelog says Breaking.

``python -m tests.app.test_breaking_changes`` keeps today's description as the released one; do so at a release.
"""

import copy
import json

import pytest

from app.main import create_app
from app.settings import Settings
from engine.data import FIXTURES
from tests.house.sources import ROOT
from tests.openapi_changes import Comparison, bare

RELEASED = FIXTURES / "schema" / "openapi-released.json"


def today():
    return bare(create_app(Settings()).openapi())


def released():
    return json.loads(RELEASED.read_text(encoding="utf-8"))


def unreleased():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    return text.partition("## Unreleased")[2].partition("\n## ")[0]


def test_nothing_of_the_released_api_breaks_unless_the_changelog_says_so():
    found = list(Comparison(released(), today()).breaks())
    assert not found or "* Breaking:" in unreleased(), "\n".join(found)


PATH = "/v1/what-ifs/top-ups"


def drop_path(api, schemas):
    del api["paths"][PATH]


def drop_method(api, schemas):
    del api["paths"]["/v1/rule-sets"]["get"]


def drop_field_sent(api, schemas):
    del schemas["TopUpsRequest"]["properties"]["schedule"]


def drop_field_answered(api, schemas):
    del schemas["RuleSetOut"]["properties"]["digest"]


def require_field(api, schemas):
    schemas["TopUpsRequest"]["required"].append("schedule")


def may_leave_out(api, schemas):
    schemas["RuleSetOut"]["required"].remove("digest")


def narrow_type(api, schemas):
    schemas["Override"]["properties"]["value"]["type"] = "integer"


def narrow_length(api, schemas):
    schemas["Override"]["properties"]["value"]["maxLength"] = 2


def narrow_list(api, schemas):
    schemas["TopUpsRequest"]["properties"]["pupils"]["maxItems"] = 10


def other_pattern(api, schemas):
    schemas["TopUpsRequest"]["properties"]["rule_set"]["pattern"] = "^x$"


def answer_null(api, schemas):
    schemas["RuleSetOut"]["properties"]["digest"] = {
        "anyOf": [{"type": "string"}, {"type": "null"}]
    }


def drop_parameter(api, schemas):
    api["paths"]["/v1/rule-sets"]["get"]["parameters"].pop()


def require_parameter(api, schemas):
    api["paths"]["/v1/rule-sets"]["get"]["parameters"][0]["required"] = True


def drop_status(api, schemas):
    del api["paths"]["/v1/rule-sets"]["get"]["responses"]["200"]


def drop_media(api, schemas):
    api["paths"][PATH]["post"]["requestBody"]["content"] = {}


BREAKING = (
    *(drop_path, drop_method, drop_field_sent, drop_field_answered, require_field, may_leave_out),
    *(narrow_type, narrow_length, narrow_list, other_pattern, answer_null),
    *(drop_parameter, require_parameter, drop_status, drop_media),
)


@pytest.mark.parametrize("change", BREAKING, ids=lambda one: one.__name__)
def test_a_breaking_change_is_found(change):
    before = today()
    after = copy.deepcopy(before)
    change(after, after["components"]["schemas"])
    assert list(Comparison(before, after).breaks())


def add_path(api, schemas):
    api["paths"]["/v1/new"] = api["paths"][PATH]


def add_optional_field(api, schemas):
    schemas["TopUpsRequest"]["properties"]["more"] = {"type": "string"}


def add_answered_field(api, schemas):
    schemas["RuleSetOut"]["properties"]["more"] = {"type": "string"}
    schemas["RuleSetOut"]["required"].append("more")


def widen(api, schemas):
    schemas["Override"]["properties"]["value"]["maxLength"] = 100
    schemas["TopUpsRequest"]["properties"]["rule_set"].pop("pattern")


def other_words(api, schemas):
    schemas["RuleSetOut"]["description"] = "Other words."


@pytest.mark.parametrize(
    "change",
    [add_path, add_optional_field, add_answered_field, widen, other_words],
    ids=lambda one: one.__name__,
)
def test_what_adds_or_widens_breaks_nothing(change):
    before = today()
    after = copy.deepcopy(before)
    change(after, after["components"]["schemas"])
    assert not list(Comparison(before, after).breaks())


if __name__ == "__main__":
    text = json.dumps(today(), indent=1, ensure_ascii=False, sort_keys=True)
    RELEASED.write_text(text + "\n", encoding="utf-8")

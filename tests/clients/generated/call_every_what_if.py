"""Calls every what-if through a client that openapi-python-client made, and reads the answers typed.

Run by the generator's own Python: ``call_every_what_if.py ADDRESS FOLDER EXAMPLES...``, where FOLDER
holds the package ``evenband_client`` and EXAMPLES are files of bodies. Prints what was read, as JSON.
"""

import json
import sys
from importlib import import_module
from pathlib import Path

address, folder, *files = sys.argv[1:]
sys.path.insert(0, folder)

client = import_module("evenband_client").Client(
    base_url=address, raise_on_unexpected_status=True, timeout=120
)
models = import_module("evenband_client.models")
BODIES = {
    "notional_sen": models.NotionalSenRequest,
    "top_ups": models.TopUpsRequest,
    "comparison": models.ComparisonRequest,
    "year_change": models.YearChangeRequest,
    "letter": models.LetterRequest,
    "rule_changes": models.RuleChangesRequest,
    "places": models.PlacesRequest,
    "high_needs_block": models.BlockRequest,
    "targeted_funding": models.TargetedRequest,
    "cases": models.CasesRequest,
}


def operation(tag, name):
    """Return the module of one operation."""
    return import_module(f"evenband_client.api.{tag}.{name}")


def called(tag, name, **given):
    """Call an operation and return its answer, once nothing of it is lost by reading it typed."""
    response = operation(tag, name).sync_detailed(client=client, **given)
    sent = json.loads(response.content)
    assert type(response.parsed).__name__ in dir(models), (name, response.parsed)
    assert response.parsed.to_dict() == sent, name
    return response.parsed


def bodies(name, written):
    """Yield the typed body of each example of a what-if."""
    for example in written[name].values():
        yield BODIES[name].from_dict(example["value"])


def calls():
    """Return the first answer of every what-if, by its name."""
    answers = {}
    for file in files:
        written = json.loads(Path(file).read_text(encoding="utf-8"))
        for name in written:
            found = [
                called("what_ifs", f"what_if_{name}", body=one) for one in bodies(name, written)
            ]
            answers[name] = found[0]
    return answers


def refused():
    """Return the refusal of a rule set that is not published."""
    body = models.PlacesRequest.from_dict({"rule_set": "none-such", "places": [{"la": "202"}]})
    refusal = called("what_ifs", "what_if_places", body=body)
    assert isinstance(refusal, models.Problems)
    return {"type": refusal.type_, "status": refusal.status}


def main():
    """Call everything, and print what a caller reads."""
    answers = calls()
    school = answers["notional_sen"].schools[0]
    whole = operation("rule_sets", "read_rule_set").sync(
        answers["top_ups"].rules.rule_set, client=client
    )
    tariff = operation("cells", "cell_tariff").sync(
        rule_set="telford-and-wrekin-2025-26", client=client, band="9"
    )
    print(
        json.dumps(
            {
                "notional_sen": school.notional_sen,
                "working": school.explanation.workings[0].rows[0].operator.value,
                "top_ups": answers["top_ups"].total.top_up,
                "comparison": answers["comparison"].pupils.total.change,
                "places": answers["places"].total,
                "high_needs_block": answers["high_needs_block"].total,
                "targeted_funding": answers["targeted_funding"].total,
                "cases": answers["cases"].tables[0].different,
                "bands": whole.document.band_profile.bands,
                "tariff": tariff,
                "refused": refused(),
            }
        )
    )


main()

"""Headers by which a cell's answer says its rules: a number alone cannot carry them."""

from typing import Any

from engine.rules.compiled import CompiledRules

YEAR, RULE_SET, DIGEST = "Evenband-Funding-Year", "Evenband-Rule-Set", "Evenband-Digest"
NAMES = (YEAR, RULE_SET, DIGEST)


def headers_of(rules: CompiledRules) -> dict[str, str]:
    """Return the year and its kind, the rule set and its version, and the digest."""
    document = rules.document
    return {
        YEAR: f"{document.funding_year} {document.year_kind}",
        RULE_SET: f"{document.identifier} {document.version}",
        DIGEST: rules.digest,
    }


DESCRIBED: dict[str, Any] = {
    YEAR: {
        "description": "funding year and its kind, such as YYYY-YY financial",
        "schema": {"type": "string"},
    },
    RULE_SET: {
        "description": "identifier and version of the rule set, with a space between",
        "schema": {"type": "string"},
    },
    DIGEST: {
        "description": "SHA-256 of the rule set, in hexadecimal",
        "schema": {"type": "string"},
    },
}
"""The headers as the API's description gives them."""

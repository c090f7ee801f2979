"""Every POST of the description refuses a body above its limit, with 413."""

import pytest

from tests.app.test_openapi import description, operations

POSTS = sorted(path for path, method, _ in operations(description()) if method == "post")


@pytest.mark.parametrize("path", POSTS)
def test_every_post_refuses_a_body_above_its_limit(client, path):
    largest = 4 * 1024 * 1024
    headers = {"Content-Type": "application/json"}
    refused = client.post(path, content=b" " * (largest + 1), headers=headers)
    assert (refused.status_code, refused.json()["type"]) == (413, "/problems/too-large")
    read = client.post(path, content=b" " * largest, headers=headers)
    assert read.status_code == 422


def test_every_what_if_and_the_atlas_are_among_them():
    assert len(POSTS) >= 7


def test_the_start_with_unknown_rules_says_what_to_choose(client):
    asked = {"rules": "none-such", "phase": "primary"}
    answer = client.get("/", params=asked, follow_redirects=False)
    assert answer.status_code == 422
    assert "Choose your local authority" in answer.text
    assert "Choose the year" in answer.text

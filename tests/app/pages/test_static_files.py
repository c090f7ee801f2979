"""Files of the pages are sent whole, whatever part of them a request names."""

import pytest

FILE = "/static/favicon.svg"


@pytest.mark.parametrize(
    "part", ["bytes=0-5", "bytes=-", "bytes=5-0", "bytes=99999999-", "lines=1-2", "x"]
)
def test_a_part_of_a_file_is_answered_with_the_file(client, part):
    answer = client.get(FILE, headers={"Range": part, "If-Range": "x"})
    assert answer.status_code == 200
    assert answer.content == client.get(FILE).content

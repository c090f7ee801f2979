"""Files of caches: whole or as they were, and for their owner alone."""

import pytest

from engine.cache_files import write_cache_file


def test_a_file_is_put_in_place_of_another_for_its_owner_alone(tmp_path):
    path = tmp_path / "one"
    path.write_bytes(b"before")
    path.chmod(0o644)
    write_cache_file(path, lambda file: file.write(b"after"))
    assert path.read_bytes() == b"after"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("fault", [OSError, KeyboardInterrupt])
def test_what_cannot_be_written_leaves_what_was_there(fault, tmp_path):
    path = tmp_path / "one"
    path.write_bytes(b"before")

    def half(file):
        file.write(b"aft")
        raise fault

    with pytest.raises(fault):
        write_cache_file(path, half)
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]

"""What is tried on ``make storm`` alone, as it takes minutes and the package index."""

from tests.storm_size import is_whole

collect_ignore = [] if is_whole() else ["test_set_up.py"]

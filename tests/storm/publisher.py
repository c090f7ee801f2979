"""``python -m tests.storm.publisher ADDRESS``: publishes one version after another until it is ended outright.

Each number is printed once its transaction is kept.
"""

import sys
from contextlib import closing

from sqlalchemy import make_url

from app.access import OWNER
from app.database import open_database
from app.rule_sets.publish import publish
from app.rule_sets.service import versions_of
from engine.data import PUBLISHED
from engine.rules import load_rule_file, rule_files

RULES = "bedford-2022-23"


def main(address: str) -> None:
    """Publish for ever."""
    path = next(one for one in rule_files(PUBLISHED) if RULES in one.name)
    document = load_rule_file(path)
    with closing(open_database(make_url(address))) as database:
        with database.reading() as session:
            number = max(versions_of(OWNER, session, RULES), default=0)
        while True:
            number += 1
            with database.writing() as session:
                publish(OWNER, session, document.model_copy(update={"version": number}))
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])

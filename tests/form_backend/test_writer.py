"""The group commit under a crowd: whoever commits, everybody gets what is his, and nobody waits for ever."""

import random
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from form_backend.store.database import open_engine
from form_backend.store.writer import Writer

CALLERS, CALLS, PATIENCE = 12, 80, 60


class Unwanted(Exception):
    """What a caller's own work failed with."""


@pytest.fixture
def writer(tmp_path: Path) -> Writer:
    engine = open_engine(f"sqlite:///{tmp_path / 'crowd.sqlite3'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE said (word TEXT PRIMARY KEY)"))
    return Writer(engine)


def add_all(connection: Connection, words: Sequence[str]) -> list[str]:
    """What several callers brought, in one statement; each gets his own back."""
    connection.execute(text("INSERT INTO said VALUES (:word)"), [{"word": word} for word in words])
    if any("unwanted" in word for word in words):
        raise Unwanted
    return [word.upper() for word in words]


def kept(writer: Writer) -> list[str]:
    return writer.run(lambda connection: list(connection.scalars(text("SELECT word FROM said ORDER BY word"))))


def test_a_crowd_that_comes_and_goes_gets_each_his_own(writer: Writer) -> None:
    """Pauses of all lengths, so that batches are completed, taken over, given up and left alone."""

    def caller(number: int) -> list[str]:
        dice, wanted = random.Random(number), []
        for turn in range(CALLS):
            time.sleep(dice.choice((0, 0, 0, 0.001, 0.012, 0.013, 0.03)))
            word = f"{number} {turn}"
            if dice.random() < 0.05:
                with pytest.raises(Unwanted):
                    writer.run_together(add_all, f"{word} unwanted")
            elif dice.random() < 0.2:
                assert writer.run(lambda connection, word=word: add_all(connection, [word])) == [word.upper()]
                wanted.append(word)
            else:
                assert writer.run_together(add_all, word) == word.upper()
                wanted.append(word)
        return wanted

    with ThreadPoolExecutor(CALLERS) as pool:
        running = [pool.submit(caller, number) for number in range(CALLERS)]
        wanted = [word for one in running for word in one.result(PATIENCE)]
    assert kept(writer) == sorted(wanted)


def test_one_who_comes_after_a_crowd_is_served(writer: Writer) -> None:
    with ThreadPoolExecutor(CALLERS) as pool:
        crowd = [pool.submit(writer.run_together, add_all, str(number)) for number in range(CALLERS)]
        assert [one.result(PATIENCE) for one in crowd] == [str(number) for number in range(CALLERS)]
        assert pool.submit(writer.run_together, add_all, "last").result(PATIENCE) == "LAST"
    assert len(kept(writer)) == CALLERS + 1

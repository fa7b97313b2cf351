"""What is said of a repository that cannot be used: the same in both languages."""

from string import Formatter

import pytest

from form_backend import git_words
from form_backend.git_words import Both, sentence


@pytest.mark.parametrize("both", git_words._SENTENCES.values(), ids=git_words._SENTENCES)
def test_a_sentence_says_the_same_things_in_both_languages(both: Both) -> None:
    indonesian, english = ({name for _, name, *_ in Formatter().parse(text)} for text in both)
    assert indonesian == english


def test_what_is_in_two_languages_goes_into_each_and_what_git_says_into_both() -> None:
    told = sentence("failed", place="klon{}", verb="push", said="fatal: {x}", todo=("coba lagi", "try again"))
    assert told == ("klon{}: git push gagal: fatal: {x}; coba lagi", "klon{}: git push failed: fatal: {x}; try again")

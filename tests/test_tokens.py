"""Words of a sentence: where they begin and end, and the norms that patterns match."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonelint.tokens import OWN_NAME, tokenize


def words(text, **options):
    tokens = tokenize(text, **options)
    return [tokens.word(i) for i in range(len(tokens))]


def norms(text, **options):
    return list(tokenize(text, **options).norms)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We're sorry.", ["We", "'re", "sorry", "."]),
        ("We’re sorry", ["We", "’re", "sorry"]),
        ("don't", ["do", "n't"]),
        ("Sam’s award-winning tea", ["Sam", "’s", "award", "-", "winning", "tea"]),
        ("cannot", ["can", "not"]),
        ("at 5 p.m. e.g. on 3.50, 1st", ["at", "5", "p.m.", "e.g.", "on", "3.50", ",", "1st"]),
        ("a@b.example, https://a.example/b?c=d.", ["a@b.example", ",", "https://a.example/b?c=d", "."]),
        ("wait… what?!", ["wait", "…", "what", "?", "!"]),
        ("no!!! #tea @sam", ["no", "!!!", "#tea", "@sam"]),
        ("a – b — c", ["a", "–", "b", "—", "c"]),
        ("£5 20%", ["£", "5", "20", "%"]),
        ("", []),
        (" \n\t", []),
    ],
)
def test_words(text, expected):
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We're", ["we", "are"]),
        ("WE’VE", ["we", "have"]),
        ("won't can't shan't don't", ["will", "not", "can", "not", "shall", "not", "do", "not"]),
        ("I'll I'm I'd", ["i", "will", "i", "am", "i", "'d"]),
        ("Cannot", ["can", "not"]),
        ("ca wo", ["ca", "wo"]),
        ("Sam’s", ["sam", "'s"]),
    ],
)
def test_norms_write_contractions_out(text, expected):
    assert norms(text) == expected


def test_own_names_have_a_norm_of_their_own():
    assert norms("Lumo and Lumos at Red Kite", own_names=("Lumo", "Red Kite")) == [
        OWN_NAME, "and", "lumos", "at", OWN_NAME, OWN_NAME,
    ]  # fmt: skip
    assert norms("Lumo", own_names=("",)) == ["lumo"]
    assert norms("lumo", own_names=("Lumo",)) == ["lumo"]


@given(st.text(max_size=60), st.lists(st.text(max_size=5), max_size=3))
def test_tokens_are_runs_of_the_text_in_order(text, names):
    tokens = tokenize(text, own_names=names)
    at = 0
    for start, end in zip(tokens.starts, tokens.ends, strict=True):
        assert at <= start < end <= len(text)
        assert not text[at:start].strip()  # nothing but white space is left out
        at = end
    assert not text[at:].strip()


@given(st.text(max_size=60))
def test_the_stream_holds_every_token_where_it_says(text):
    tokens = tokenize(text)
    units = tokens.stream.removesuffix("\n").split("\n")[1:]
    assert len(units) == len(tokens)
    for i, start in enumerate(tokens.stream_starts):
        assert tokens.stream[start] == "\n"
        assert tokens.index_at(start) == tokens.index_at(start + 1) == i
        assert units[i].split("\t")[1] == tokens.norms[i]

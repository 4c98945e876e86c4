"""Offsets to lines, columns and UTF-16, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonelint.positions import LineIndex, utf8_length, utf16_length

texts = st.text(
    st.one_of(st.sampled_from("a\n\r\x0c\u2028🙂é"), st.characters(exclude_categories=("Cs",))), max_size=40
)


@pytest.mark.parametrize(
    ("text", "offset", "expected"),
    [
        ("", 0, (1, 1)),
        ("ab", 2, (1, 3)),
        ("a\nb", 2, (2, 1)),
        ("a\r\nb", 3, (2, 1)),
        ("a\r\nb", 2, (1, 3)),
        ("a\rb", 2, (2, 1)),
        ("a\n", 2, (2, 1)),
        ("a\x0cb\u2028c\x85d", 6, (1, 7)),
        ("🙂🙂b", 2, (1, 3)),
    ],
)
def test_lines_and_columns_count_code_points_from_one(text, offset, expected):
    assert LineIndex(text).position(offset) == expected


def test_utf16_counts_from_nought_in_units():
    lines = LineIndex("é🙂x\n🙂")
    assert [lines.utf16(i) for i in range(6)] == [(0, 0), (0, 1), (0, 3), (0, 4), (1, 0), (1, 2)]
    assert lines.offset(0, 3) == 2
    assert lines.offset(0, 99) == 3
    assert lines.offset(7, 0) == 5
    assert lines.offset(0, 2) == 2  # inside a pair of surrogates: the next whole character


@given(texts, st.data())
def test_utf16_there_and_back(text, data):
    lines = LineIndex(text)
    offset = data.draw(st.integers(0, len(text)))
    if text[offset - 1 : offset + 1] == "\r\n" or (
        offset and text[offset - 1 : offset] == "\r" and text[offset : offset + 1] == "\n"
    ):
        return  # between the two halves of one line end there is no place
    assert lines.offset(*lines.utf16(offset)) == offset


@given(texts)
def test_positions_grow_and_lines_join_to_the_text(text):
    lines = LineIndex(text)
    found = [lines.position(i) for i in range(len(text) + 1)]
    assert found == sorted(found)
    assert len(set(found)) == len(found)
    assert lines.position(len(text))[0] == len(lines.starts)
    joined = "".join(text[a:b] for a, b in zip(lines.starts, (*lines.starts[1:], len(text)), strict=True))
    assert joined == text
    for number, start in enumerate(lines.starts, 1):
        assert text.startswith(lines.line_text(number), start)
        assert "\n" not in lines.line_text(number)


@given(texts)
def test_lengths_are_those_of_the_encodings(text):
    assert utf16_length(text) == len(text.encode("utf-16-le")) // 2
    assert utf8_length(text) == len(text.encode())


def test_a_lone_surrogate_has_a_length_too():
    assert (utf16_length("\ud800"), utf8_length("\ud800")) == (1, 3)

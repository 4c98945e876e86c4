"""The phrase notation, and that compiled patterns hit what spaCy's Matcher hits."""

import time
from collections import defaultdict
from collections.abc import Iterator

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.matcher import Matcher
from spacy.tokens import Doc

from tonelint.errors import UsageError
from tonelint.rules import all_rules
from tonelint.rules.base import Passage
from tonelint.rules.notation import expand
from tonelint.rules.patterns import CompiledPattern, PatternSet, compile_pattern
from tonelint.rules.phrases import Conditions, PhraseCheck
from tonelint.tokens import Tokens, tokenize
from tonelint.types import Document, MessageSource, Piece, PieceKind, Role, Segment, Sentence, Span


def spans(phrase: str, text: str, **options) -> list[str]:
    tokens = tokenize(text, **options)
    found = {m.mark for pattern in expand(phrase) for m in pattern.find(tokens)}
    found = {f for f in found if not any(f != g and g[0] <= f[0] and f[1] <= g[1] for g in found)}
    return [text[tokens.starts[a] : tokens.ends[b - 1]] for a, b in sorted(found)]


@pytest.mark.parametrize(
    ("phrase", "text", "marked"),
    [
        ("thrilled", "We're Thrilled.", ["Thrilled"]),
        ("we are glad|pleased", "We’re pleased, we are glad", ["We’re pleased", "we are glad"]),
        ("do not reply", "Please don't reply", ["don't reply"]),
        ("can not wait", "I cannot wait", ["cannot wait"]),
        ("very? good", "very good or good", ["very good", "good"]),
        (
            "award-winning",
            "award winning, award-winning and award–winning",
            ["award winning", "award-winning", "award–winning"],
        ),
        ("(world|market)-leading", "a world leading, market-leading shop", ["world leading", "market-leading"]),
        (
            "/apologi[sz](e|ing)/ for",
            "apologise for, apologizing for, apologised for",
            ["apologise for", "apologizing for"],
        ),
        (
            "we (do|can (not|never)) wait",
            "We do wait; we cannot wait; we can never wait",
            ["We do wait", "we cannot wait", "we can never wait"],
        ),
        ("(a b|c)? d", "a b d, c d, d", ["a b d", "c d", "d"]),
        ("sorry _{0,2} hear", "sorry to hear, sorry hear, sorry we did ever hear", ["sorry to hear", "sorry hear"]),
        ("sorry _{0,3} hear", "Sorry. We hear", []),
        ("only <num> left", "only 3 left, only few left, only 1,200 left", ["only 3 left", "only 1,200 left"]),
        ("[ excited ] to announce", "excited to announce", ["excited"]),
        ("^ as you know", "“As you know, as you know", ["As you know"]),
        ("not monitored $", "It is not monitored. not monitored here", []),
        ("not monitored $", "It is not monitored.”", ["not monitored"]),
        ("<us> care", "We care, Acme cares, Acme care", ["We care"]),
        ("news !", "Big news! No news!!", ["news!"]),
    ],
)
def test_notation(phrase, text, marked):
    assert spans(phrase, text) == marked


def test_own_names_count_as_we():
    assert spans("<us> care", "Acme Ltd care a lot", own_names=("Acme",)) == []
    assert spans("<us> care", "Here Acme care a lot", own_names=("Acme",)) == ["Acme care"]


@pytest.mark.parametrize(
    "phrase",
    [
        "",
        "[ a",
        "a ]",
        "a [ b ] c ]",
        "(a|b",
        "a) b",
        "(a||b)",
        "a? b?",
        "_{0,3}",
        "$ a",
        "a ^ b",
        "hand-?picked",
        "(a [ b ])",
    ],
)
def test_what_cannot_be_read_is_an_error(phrase):
    with pytest.raises(UsageError):
        expand(phrase)


def test_a_phrase_that_stands_for_too_many_patterns_is_an_error():
    with pytest.raises(UsageError, match="split it"):
        expand(" ".join(["(a b|c d|e f|g h)"] * 5))


@pytest.mark.parametrize(
    "element",
    [{"LEMMA": "be"}, {"NORM": {"FUZZY": "a"}}, {"NORM": "a", "OP": "!"}],
    ids=["attribute", "predicate", "operator"],
)
def test_spacy_syntax_that_is_not_supported_is_an_error(element):
    with pytest.raises(UsageError):
        compile_pattern([element])


def test_anchors_never_hide_a_match():
    patterns = tuple((p, None) for rule in all_rules() for p in _of(rule.check))
    index = PatternSet(patterns)
    for text in _texts()[::7]:
        tokens = tokenize(text)
        offered = {id(p) for p, _ in index.candidates(tokens)}
        for pattern, _ in patterns[::11]:
            if pattern.regex.search(tokens.stream):
                assert id(pattern) in offered


# ------------------------------------------------------------------------------------------------------------- spaCy


def _of(check: object) -> Iterator[CompiledPattern]:
    if isinstance(check, PhraseCheck):
        sets = [check.patterns, *_conditions(check.conditions)]
        sets += [s for _, entry in check.patterns.patterns for s in _conditions(entry.conditions)]
        for found in dict.fromkeys(map(id, sets)):
            yield from (p for p, _ in next(s for s in sets if id(s) == found).patterns)


def _conditions(conditions: Conditions) -> list[PatternSet]:
    return [
        s
        for s in (conditions.unless, conditions.unless_previous, conditions.unless_next, conditions.unless_inside)
        if s
    ]


def _texts() -> list[str]:
    return list(dict.fromkeys(e.text for rule in all_rules() for e in (*rule.bad, *rule.good) if e.format == "text"))


def _doc(nlp: spacy.Language, tokens: Tokens) -> Doc:
    words = [tokens.word(i) for i in range(len(tokens))]
    nexts = [*tokens.starts[1:], tokens.ends[-1]]
    doc = Doc(nlp.vocab, words=words, spaces=[end != start for end, start in zip(tokens.ends, nexts, strict=True)])
    for token, norm in zip(doc, tokens.norms, strict=True):
        token.norm_ = norm
    return doc


def _spacy_element(element: dict[str, object]) -> dict[str, object]:
    """spaCy searches where we match the whole norm, and there is no stream in which a unit ends."""
    value = element.get("NORM")
    if isinstance(value, dict) and "REGEX" in value:
        return {**element, "NORM": {"REGEX": rf"^(?:{value['REGEX']})$".replace(r"(?=\n)", "$")}}
    return dict(element)


def _comparable(pattern: CompiledPattern) -> bool:
    """Lexical flags are spaCy's own there and ours here; NORM, LOWER and TEXT are the same thing."""
    return not any(key.startswith(("IS_", "LIKE_")) for element in pattern.pattern for key in element)


def _expected(found: list[tuple[int, int]], pattern: CompiledPattern, tokens: Tokens) -> list[tuple[int, int]]:
    """Leftmost first, of those the longest, without overlap; anchored to the ends where the pattern is."""
    words = [tokens.word(i) for i in range(len(tokens))]
    if pattern.at_start:
        found = [f for f in found if f[0] <= 3 and all(not w[0].isalnum() for w in words[: f[0]])]
    if pattern.at_end:
        found = [f for f in found if len(words) - f[1] <= 4 and all(not w[0].isalnum() for w in words[f[1] :])]
    chosen: list[tuple[int, int]] = []
    for start, end in sorted(found, key=lambda f: (f[0], -f[1])):
        if not chosen or start >= chosen[-1][1]:
            chosen.append((start, end))
    return chosen


def test_all_patterns_hit_what_spacy_hits():
    """Each rule's patterns on its own examples, and on some of all the others."""
    nlp = spacy.blank("en")
    sample = _texts()[::20]
    seen = hits = 0
    for rule in all_rules():
        patterns = [p for p in _of(rule.check) if _comparable(p)]
        if not patterns:
            continue
        seen += len(patterns)
        matcher = Matcher(nlp.vocab)
        names = {}
        for i, pattern in enumerate(patterns):
            names[nlp.vocab.strings.add(f"p{i}")] = i
            matcher.add(f"p{i}", [[_spacy_element(dict(e)) for e in pattern.pattern]])
        index = PatternSet(tuple((p, i) for i, p in enumerate(patterns)))
        for text in dict.fromkeys((*(e.text for e in (*rule.bad, *rule.good)), *sample)):
            tokens = tokenize(text)
            theirs: dict[int, list[tuple[int, int]]] = defaultdict(list)
            for name, start, end in matcher(_doc(nlp, tokens)):
                theirs[names[name]].append((start, end))
            ours = {i: [(m.start, m.end) for m in p.find(tokens)] for p, i in index.candidates(tokens)}
            for i in theirs.keys() | {i for i, found in ours.items() if found}:
                expected = _expected(theirs.get(i, []), patterns[i], tokens)
                assert ours.get(i, []) == expected, (rule.code, text, patterns[i].pattern)
                hits += len(expected)
    assert seen > 1000
    assert hits > 250


# ----------------------------------------------------------------------------------------------------- hostile input


@pytest.mark.parametrize(
    "unit",
    [
        "we are ",
        "sorry ",
        "to hear that you ",
        "a ",
        "the best of ",
        "- ",
        ". ",
        "you will ",
        "customers who ",
        "\n\t",
        "é’s ",
        "please do not ",
        "world-class tea; ",
    ],
)
def test_time_grows_with_the_length_only(unit):
    """No rule may take more than linear time: one sentence of 100,000 code points made of its own words."""
    text = (unit * (100_000 // len(unit) + 1))[:100_000].strip() + "x"
    segment = Segment(Role.BODY, (Piece(Span(0, len(text)), text, PieceKind.LITERAL),))
    sentence = Sentence(segment, Span(0, len(text)), Span(0, len(text)), Role.BODY, 0, 0, text)
    source = MessageSource("m", Span(0, len(text)))
    document = Document("m", text, "text", (segment,), (source,))
    passage = Passage(
        document, source, (sentence,), (tokenize(text),), (None,), "support", "complaint", customer="It broke."
    )
    started = time.process_time()
    for rule in all_rules():
        if rule.check is not None:
            for _ in rule.check(passage):
                pass
    assert time.process_time() - started < 15


@given(st.text(max_size=200))
def test_matches_are_runs_of_tokens(text):
    tokens = tokenize(text)
    for phrase in ("_", "_{0,2} a", "<num>", "^ _", "_ $", "[ _ ] _"):
        for pattern in expand(phrase) if phrase != "_{0,2} a" else expand("_{0,2} a"):
            before = 0
            for match in pattern.find(tokens):
                assert before <= match.start < match.end <= len(tokens)
                assert match.start <= match.mark[0] < match.mark[1] <= match.end
                before = match.end

"""The corpus: drafts are read, every kind of fault is caught, and the repository's own corpus has none."""

import json

import pytest

from tonelint.train import corpus

HEAD = "channel=service moment=delivery kind=delay industry=kites region=GB register=plain dialect=none medium=email"
DRAFT = f"""# a note to nobody
## message {HEAD} clean=no
S n | Your kite is late
G n | Hi Ada,

P i+ DN | The tail was torn, so your kite leaves on Thursday.
P n | [[ho:We apologise for any inconvenience]] this may cause.
> I'm sorry that it misses the fair.
> -

P b | It is [[sp+an:the best kite yet]].
> It has two tails.
C n | Mira

## exchange {HEAD} upset=yes fools=courteous
< Where is my kite, order 4471?
<
< And who flies it
given order-number: order 4471
ask Where is my kite -> 1
ask who flies it -> -
P i A | Waiting a week for a kite is no fun.
"""


def parsed(text=DRAFT):
    return list(corpus.parse_draft(text, batch="T01-kites", split="train"))


def rows():
    (_, message, rewrites), (_, exchange, _) = parsed()
    return message, exchange, rewrites


def test_a_draft_is_read():
    message, exchange, rewrites = rows()
    assert [kind for kind, _, _ in parsed()] == ["message", "exchange"]
    assert (message["id"], message["channel"], message["clean"], exchange["id"]) == (
        "T01-kites-001",
        "service",
        False,
        "T01-kites-002",
    )
    assert [s["role"] for s in message["sentences"]] == ["subject", "greeting", "body", "body", "body", "sign-off"]
    assert [s["block"] for s in message["sentences"]] == [1, 2, 3, 3, 4, 5]
    keeper = message["sentences"][2]
    assert (keeper["stance"], keeper["keeper"], keeper["evidence"]) == ("interested", True, ["acts", "next_step"])
    assert message["labels"] == {"acts": True, "next_step": True, "invites": False}
    assert message["sentences"][4]["findings"] == [
        {"category": "self-praise", "start": 6, "end": 23},
        {"category": "announcement", "start": 6, "end": 23},
    ]
    assert message["sentences"][4]["text"][6:23] == "the best kite yet"
    assert [r["rewrites"] for r in rewrites] == [["I'm sorry that it misses the fair.", ""], ["It has two tails."]]
    assert exchange["customer"] == "Where is my kite, order 4471?\n\nAnd who flies it"
    assert exchange["labels"] == {
        "upset": True,
        "acknowledges": True,
        "acts": False,
        "next_step": False,
        "invites": False,
    }
    assert exchange["asks"] == [
        {"words": "Where is my kite", "sentence": 0},
        {"words": "who flies it", "sentence": None},
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("P n | before any header\n", "1"),
        (f"## message {HEAD} clean=no\nP x | a stance that is none\n", "2"),
        (f"## message {HEAD} clean=no\nP n | fine\nnothing that is known\n", "3"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(text, line):
    with pytest.raises(ValueError, match=f"T01-kites:{line}"):
        parsed(text)


def test_marks_come_out_with_their_offsets():
    assert corpus.unmark("a [[ho:b c]] d [[bl:e]]") == (
        "a b c d e",
        [{"category": "hollow", "start": 2, "end": 5}, {"category": "blame", "start": 8, "end": 9}],
    )


def test_contrasts_are_read():
    text = """## contrast trap=only turns=stance channel=service industry=kites role=P
< Hello there.
b | We only [[pr:have two]].
i | You only need two.
"""
    (row,) = corpus.parse_contrasts(text, batch="C01", split="train")
    assert (row["id"], row["before"], [s["stance"] for s in row["sides"]]) == (
        "C01-001",
        ["Hello there."],
        ["broadcast", "interested"],
    )
    assert row["sides"][0]["findings"] == [{"category": "pressure", "start": 8, "end": 16}]
    with pytest.raises(ValueError, match="C01:2"):
        list(corpus.parse_contrasts(text.replace("< Hello", "! Hello"), batch="C01", split="train"))


@pytest.fixture
def folder(tmp_path):
    message, exchange, rewrites = rows()
    (tmp_path / "splits.toml").write_text('validation = ["V01-kites"]\n')
    corpus.write("messages", [message], tmp_path)
    corpus.write("exchanges", [exchange], tmp_path)
    corpus.write("rewrites", rewrites, tmp_path)
    return tmp_path


def test_what_is_written_is_read_again(folder):
    message, exchange, rewrites = rows()
    assert corpus.read("messages", folder) == [message]
    assert corpus.read("exchanges", folder) == [exchange]
    assert corpus.read("rewrites", folder) == rewrites
    assert corpus.read("second_labels", folder) == []
    assert corpus.problems(folder) == []
    assert corpus.splits(folder) == {"V01-kites": "validation"}


def _sentence(**changes):
    def change(message, exchange):
        message["sentences"][3] |= changes

    return change


def _message(**changes):
    def change(message, exchange):
        message |= changes

    return change


def _exchange(**changes):
    def change(message, exchange):
        exchange |= changes

    return change


def _span(start, end, category="hollow"):
    return _sentence(findings=[{"category": category, "start": start, "end": end}])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_message(channel="pigeon"), "channel"),
        (_message(moment="tea"), "moment"),
        (_message(split="holiday"), "split"),
        (_message(sentences=[]), "no sentence"),
        (_sentence(stance="keen"), "label, role or text"),
        (_sentence(role="limerick"), "label, role or text"),
        (_sentence(text="  ", findings=[]), "label, role or text"),
        (_sentence(text="a [[mark left", findings=[]), "label, role or text"),
        (_sentence(keeper=True), "keeper"),
        (_sentence(keeper=True, findings=[]), "keeper"),
        (_message(clean=True), "clean"),
        (_span(0, 999), "span"),
        (_span(5, 5), "span"),
        (_span(-1, 4), "span"),
        (_span(2, 3), "span"),
        (_span(0, 4, "rude"), "category"),
        (_exchange(asks=[{"words": "never written", "sentence": 0}]), "did not write"),
        (_exchange(asks=[{"words": "Where is my kite", "sentence": 9}]), "not there"),
        (_exchange(given=[{"what": "date", "words": "1 May"}]), "did not write"),
        (_exchange(fools="everybody"), "fools"),
        (_exchange(id="T01-kites-001"), "twice"),
        (_exchange(split="test"), "stands in test and train"),
        (_exchange(customer="Where is my kite, order 4471? And who flies it. The tail was torn, so your kite leaves on Thursday."), None),
    ],
)  # fmt: skip
def test_every_kind_of_fault_is_caught(folder, change, said):
    message, exchange, _ = rows()
    change(message, exchange)
    corpus.write("messages", [message], folder)
    corpus.write("exchanges", [exchange], folder)
    found = corpus.problems(folder)
    assert (found == []) if said is None else any(said in line for line in found), found


def test_doubles_and_near_doubles_across_parts_are_caught(folder):
    message, _, _ = rows()
    other = json.loads(json.dumps(message)) | {"id": "X", "industry": "tea", "split": "test"}
    corpus.write("messages", [message, other], folder)
    assert any("stands in" in line and "too" in line for line in corpus.problems(folder))
    for sentence in other["sentences"]:
        sentence["text"] = f"Well {sentence['text']}"
        sentence["findings"] = []
    long = "the tail was torn by the wind on the hill so your kite leaves us on Thursday at noon"
    message["sentences"][2]["text"], other["sentences"][2]["text"] = long, f"{long} sharp"
    corpus.write("messages", [message, other], folder)
    assert any("nearly the same" in line for line in corpus.problems(folder))


def test_drafts_are_added_and_replaced(folder, tmp_path_factory):
    draft = tmp_path_factory.mktemp("drafts") / "V01-kites.txt"
    draft.write_text(DRAFT.replace("industry=kites", "industry=tea").replace("kite", "cup"))
    for _ in range(2):
        done = corpus.import_drafts([draft], folder)
        assert (done["message"], done["exchange"]) == (1, 1)
    assert [r["id"] for r in corpus.read("messages", folder)] == ["T01-kites-001", "V01-kites-001"]
    assert {r["split"] for r in corpus.read("messages", folder)} == {"train", "validation"}
    assert len(corpus.read("rewrites", folder)) == 4


def test_the_repositorys_own_corpus_is_sound():
    if not corpus.read("messages"):
        pytest.skip("no corpus in this checkout")
    assert corpus.problems() == []
    known = {row["id"]: row for part in corpus.PARTS for row in corpus.read(part)}
    for rewrite in corpus.read("rewrites"):
        sentence = known[rewrite["id"]]["sentences"][rewrite["sentence"]]
        assert sentence["text"] == rewrite["text"], rewrite["id"]
        assert rewrite["rewrites"], rewrite["id"]


def test_the_repository_s_corpus_keeps_its_promises():
    assert corpus.shortfalls() == []


def test_every_row_has_the_documented_shape():
    import json

    import jsonschema

    schema = json.loads((corpus.root() / "schema.json").read_text(encoding="utf-8"))
    for name in ("messages", "exchanges", "contrasts", "rewrites"):
        check = jsonschema.Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": schema["$defs"]})
        assert [(row["id"], e.message) for row in corpus.read(name) for e in check.iter_errors(row)] == []


def test_the_data_card_is_what_its_command_writes():
    from tonelint.train import data_card

    assert (corpus.root() / "README.md").read_text(encoding="utf-8") == data_card.card()

"""Second labels: what is drawn, handed out, read back, compared and settled."""

import random

import pytest

from tonelint.train import agreement, corpus


def row(number, *, batch="B01", stances="bin", findings=()):
    return {
        "id": f"{batch}-{number:03d}", "batch": batch, "channel": "service", "medium": "email", "split": "train", "clean": False,
        "labels": {"acts": True, "next_step": False, "invites": False},
        "sentences": [
            {
                "text": f"Sentence {letter} of letter {number}.", "role": "body", "block": 1, "stance": corpus.LETTERS[letter],
                "keeper": False, "evidence": [],
                "findings": [{"category": c, "start": 0, "end": 8} for i, c in findings if i == place],
            }
            for place, letter in enumerate(stances)
        ],
    }  # fmt: skip


def answer(number, *lines, labels="acts=yes next_step=no invites=yes"):
    return (
        f"## B01-{number:03d}\n" + "\n".join(f"{i}. {line}" for i, line in enumerate(lines, 1)) + f"\nlabels {labels}\n"
    )


def test_a_draw_takes_its_share_and_stays_when_batches_are_added():
    rows = [row(i) for i in range(1, 11)]
    drawn = agreement.draw(rows, share=0.31, seed=1)
    assert len(drawn) == 4
    more = [*rows, *(row(i, batch="B02") for i in range(1, 3))]
    random.Random(1).shuffle(more)
    assert [r["id"] for r in agreement.draw(more, share=0.31, seed=1) if r["batch"] == "B01"] == [
        r["id"] for r in drawn
    ]
    assert sum(r["batch"] == "B02" for r in agreement.draw(more, share=0.31, seed=1)) == 1


def test_a_sheet_tells_no_label():
    shown = agreement.sheet(row(1, findings=((0, "blame"),)) | {"customer": "Where is it?"})
    assert shown.splitlines()[1:] == [
        "< Where is it?",
        "1. [body] Sentence b of letter 1.",
        "2. [body] Sentence i of letter 1.",
        "3. [body] Sentence n of letter 1.",
    ]
    assert not any(word in shown for word in ("broadcast", "blame", "acts", "clean"))


def test_answers_are_read():
    (read,) = agreement.parse_answers(answer(1, "b ho,bl", "i+", "n"), origin="a.txt")
    assert read == {
        "id": "B01-001",
        "labels": {"acts": True, "next_step": False, "invites": True},
        "sentences": [
            {"stance": "broadcast", "findings": ["blame", "hollow"], "keeper": False},
            {"stance": "interested", "findings": [], "keeper": True},
            {"stance": "neutral", "findings": [], "keeper": False},
        ],
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("## B01-001\n2. b\n", "out of order"),
        ("## B01-001\n1. b zz\n", "unknown code"),
        ("## B01-001\n1. x\n", "cannot read"),
    ],
)
def test_an_answer_that_cannot_be_read_is_named(text, said):
    with pytest.raises(ValueError, match=rf"a\.txt:2: .*{said}"):
        agreement.parse_answers(text, origin="a.txt")


@pytest.fixture
def folder(tmp_path):
    corpus.write("messages", [row(1, findings=((0, "hollow"),)), row(2)], tmp_path)
    both = answer(1, "b ho", "i", "b") + answer(2, "b bl", "i", "n", labels="acts=no next_step=no invites=no")
    corpus.write("second_labels", agreement.parse_answers(both, origin="a"), tmp_path)
    corpus.write(
        "rewrites", [{"id": "B01-001", "sentence": 0, "text": "t", "findings": [], "rewrites": ["x"]}], tmp_path
    )
    return tmp_path


def test_agreement_is_counted(folder):
    found = agreement.report(agreement.pairs(folder))
    assert (found["items"], found["sentences"]) == (2, 6)
    assert found["stance_kappa"] == pytest.approx((5 / 6 - 1 / 3) / (1 - 1 / 3))
    assert found["finding_f1"] == {"hollow": 1.0, "blame": 0.0}
    assert found["finding_micro_f1"] == pytest.approx(2 / 3)
    assert found["labels_f1"] == {"acts": pytest.approx(2 / 3), "next_step": 0.0, "invites": 0.0}
    assert agreement.report([])["stance_kappa"] is None


def test_disagreements_show_both_labels_and_not_whose_they_are(folder):
    rows = {r["id"]: r for r in corpus.read("messages", folder)}
    shown = list(agreement.disagreements(agreement.pairs(folder), rows))
    assert [block.splitlines()[0].split()[1:3] for block in shown] == [["B01-001", "3"], ["B01-002", "1"]]
    choices = [
        line.strip()[2:].split("   or   ") for block in shown for line in block.splitlines() if "   or   " in line
    ]
    assert [sorted(c) for c in choices] == [["b", "n"], ["b", "b bl"]]


def test_settling_changes_the_corpus_and_keeps_what_was_said_first(folder):
    before = agreement.report(agreement.pairs(folder))
    changed = agreement.settle('B01-001 3 b ; case 13\nB01-002 1 b bl:"letter 2"\nB01-001 1 i+\n', folder)
    assert changed == 3
    first, second = corpus.read("messages", folder)
    assert (first["sentences"][2]["stance"], first["sentences"][0]["keeper"], first["sentences"][0]["findings"]) == (
        "broadcast",
        True,
        [],
    )
    assert second["sentences"][0]["findings"] == [{"category": "blame", "start": 14, "end": 22}]
    assert corpus.read("rewrites", folder) == []  # a sentence without findings needs none
    assert agreement.report(agreement.pairs(folder)) == before  # agreement is that before settlement
    assert agreement.settle("B01-001 3 b\n", folder) == 0
    kept = {(r["id"], r["sentence"]): r for r in corpus.read("settled", folder)}
    assert kept["B01-001", 2]["first"]["stance"] == "neutral"


@pytest.mark.parametrize("line", ["B09-001 1 b", "B01-001 b", 'B01-001 1 b ho:"not in it"'])
def test_a_decision_that_cannot_be_taken_over_is_an_error(folder, line):
    with pytest.raises(ValueError, match="line 1"):
        agreement.settle(line, folder)

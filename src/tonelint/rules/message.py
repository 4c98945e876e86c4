"""What rules about a whole message share: whether there is a message to judge, and which of its sentences count."""

from __future__ import annotations

from tonelint.rules.base import Passage
from tonelint.types import Role, Sentence

MINIMUM = 3
"""Sentences that a message needs before a rule says something about all of it."""

_APART = frozenset({Role.SUBJECT, Role.PREHEADER, Role.ALT, Role.FOOTER})
"""Roles that stand beside the message and do not make it longer."""
_BODY = frozenset({Role.BODY, Role.LIST_ITEM})
_WORDS = 3


def may_judge_whole(passage: Passage) -> bool:
    """Whether the passage is a message that can be judged as one.

    No single entry of a locale file, at least :data:`MINIMUM` sentences, and at least one of them prose: records,
    buttons and bare labels alone are no message.
    """
    if passage.source.entry:
        return False
    sentences = [passage.sentences[i] for i in passage.spoken()]
    said = [s for s in sentences if s.role not in _APART and any(c.isalpha() for c in s.text)]
    return len(said) >= MINIMUM and any(is_prose(s) for s in said)


def is_prose(sentence: Sentence) -> bool:
    """Whether a sentence says something in words: body or list text of three words or more."""
    return sentence.role in _BODY and sum(any(c.isalpha() for c in word) for word in sentence.text.split()) >= _WORDS


def prose(passage: Passage) -> list[int]:
    """Indices of the spoken sentences that are prose, in order."""
    return [i for i in passage.spoken() if is_prose(passage.sentences[i])]

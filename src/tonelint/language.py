"""Is a message English? A cheap look at its small words first; the language model only when that leaves a doubt.

The model takes over a second to load, which a run over English copy never pays.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

ENGLISH = "en"

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
_SAMPLE = 4000  # code points: more text makes no surer
_SHORT = 40  # letters: below this the model itself guesses, and has to be surer
_SURE = 0.9
_LIKELY = 0.8
# Languages with customers to write to; the rare ones that the model also knows only draw short English texts away.
_LANGUAGES = """
ar bg bn ca cs cy da de el en es et eu fa fi fr ga gl he hi hr hu id is it ja ka ko lt lv mk ms nl nn no pl pt ro ru
sk sl sq sr sv sw ta te th tl tr uk ur vi zh
"""
# Frequent in English and in no neighbour of it: "in", "me", "we", "was", "is", "an", "die", "on", "for" are words
# elsewhere too.
_ENGLISH_WORDS = """
the and of to your you you're you'll you've our we're we've we'll it's this that these those with from have has had
are were been be not don't can't can will would should could i'm i've i'll if as at by or but so what when where
which who why how their they them there here my his her its us any all more other about after before just than then
please thanks thank know get make need new now out see help hello dear do does did isn't doesn't won't let's
"""
# Of the languages that copy is most often translated to; none of them is an English word or a name in English copy.
_FOREIGN_WORDS = """
der das und nicht ist sie wir ihr ihre ihren eine einen einem mit für auf von zu haben werden bitte danke wenn wie bei
le les et vous votre nous notre pour avec sont une dans merci bonjour que qui ce cette aux
el los las usted tu su nuestro para por una del gracias hola está más como sus esta este
il gli di che una sono della grazie ciao questo questa
os um uma não você seu sua obrigado olá mais com em na dos das
het een niet je jouw u uw wij ons voor bedankt zijn naar ook
och att det som på är inte vi din ditt för med av til og ikke du jeg deg tak takk tack hej hei
w na z nie się jest że dziękujemy ja ne se za
"""


def language(text: str) -> str:
    """The ISO 639-1 code of the language that ``text`` (view text, without markup) is written in.

    A text that is too short to tell, or holds no words, counts as English: a linter of English copy should rather look
    at it than pass over it. For a file of many short entries, ask about all of them joined.
    """
    sample = text[:_SAMPLE]
    words = [word.lower().replace("\u2019", "'") for word in _WORD.findall(sample)]
    letters = sum(len(word) for word in words)
    plain = sum(1 for word in words if word.isascii())
    english = sum(1 for word in words if word in _small_words()[0])
    foreign = sum(1 for word in words if word in _small_words()[1])
    if plain > 0.8 * len(words) and english > 3 * foreign and english >= 0.12 * len(words):
        return ENGLISH
    if plain == len(words) and letters < _SHORT and english >= foreign:
        return ENGLISH
    code, probability = _identifier()(sample)
    if code == ENGLISH or _other_script(words, letters):
        return code
    return code if probability > (_SURE if letters < _SHORT else _LIKELY) else ENGLISH


def is_english(text: str) -> bool:
    """Whether a text is English, or too short to say that it is not."""
    return language(text) == ENGLISH


@cache
def _small_words() -> tuple[frozenset[str], frozenset[str]]:
    """English ones and others."""
    return frozenset(_ENGLISH_WORDS.split()), frozenset(_FOREIGN_WORDS.split())


def _other_script(words: list[str], letters: int) -> bool:
    """Whether most letters are none that European languages in Latin script use."""
    return sum(1 for word in words for char in word if char > "\u024f") > 0.5 * letters


@cache
def _identifier() -> Callable[[str], tuple[str, float]]:
    """Of a text, the language's code and its probability 0…1."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_LANGUAGES.split())

    def identify(text: str) -> tuple[str, float]:
        code, probability = identifier.classify(text)
        return {"nn": "no"}.get(code, str(code)), float(probability)

    return identify

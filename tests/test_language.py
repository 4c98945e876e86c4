"""Which language a text is in, and that English copy never pays for the model."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonelint.language import is_english, language


@pytest.mark.parametrize(
    "text",
    [
        "Your parcel left us this morning and should be with you on Thursday.",
        "Sale! 20% off",
        "",
        "12:30 – 14:00",
        "Café Noir opens",
        "Résumé builder",
        "Hi Ngozi, thanks for the photo. I have ordered a new lid and it ships today.",
        "New pizza menu Friday: Margherita, Quattro Formaggi, Diavola, Capricciosa, Napoli",
        "Big summer savings start Friday, shop dresses, shoes, bags, jewellery",
        "Danke!",  # too short to be sure
    ],
)
def test_english_or_too_short_to_say(text):
    assert is_english(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Wir haben Ihre Nachricht erhalten und melden uns morgen bei Ihnen.", "de"),
        ("Votre commande est en route et arrivera jeudi.", "fr"),
        ("Su pedido ya está en camino y llegará el jueves.", "es"),
        ("Il tuo ordine è in viaggio e arriverà giovedì.", "it"),
        ("Uw bestelling is onderweg en komt donderdag aan.", "nl"),
        ("ご注文ありがとうございます。木曜日にお届けします。", "ja"),
        ("Ваш заказ уже в пути и приедет в четверг.", "ru"),
    ],
)
def test_other_languages_are_named(text, code):
    assert language(text) == code


def test_an_english_message_with_a_foreign_name_stays_english():
    assert is_english(
        "Thank you for your order from Der Bücherladen. We will pack it today and write again when it leaves."
    )


def test_the_model_is_not_loaded_for_english():
    code = (
        "import sys; from tonelint.language import language\n"
        "assert language('We will call you back before noon, and the fee is ours.') == 'en'\n"
        "assert language('Save changes') == 'en'\n"
        "assert 'py3langid' not in sys.modules and 'numpy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@given(st.text(max_size=200))
def test_never_raises(text):
    assert language(text)


def test_lone_surrogates_do_no_harm():
    assert language("\ud800 und die Bestellung ist für Sie \udfff nicht bei uns") in ("de", "en")

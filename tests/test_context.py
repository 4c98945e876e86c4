"""Channel and moment: told, or inferred from path, subject and text."""

import pytest

from tonelint import context
from tonelint.types import CHANNELS, MOMENTS


def infer(text="", *, path="draft.txt", subject="", hints=None, customer=False):
    return context.infer(path=path, subject=subject, text=text, hints=hints or {}, customer=customer)


@pytest.mark.parametrize(
    ("options", "moment", "channel"),
    [
        (
            {"subject": "Power cut in Quay Street tonight", "text": "There is an outage in your street."},
            "outage",
            "service",
        ),
        ({"path": "mails/password-reset.txt", "text": "Set a new password within the hour."}, "security", "service"),
        ({"subject": "Your order 4471 has shipped", "text": "Your parcel is on its way."}, "delivery", "service"),
        (
            {"subject": "Your receipt from the kiosk", "text": "Total paid: 14.50. Thank you for your order."},
            "receipt",
            "service",
        ),
        (
            {"subject": "Our prices change on 1 May", "text": "From 1 May your plan will cost 12 a month."},
            "price-change",
            "service",
        ),
        (
            {
                "path": "newsletter/may.md",
                "subject": "The May newsletter",
                "text": "In this issue: walks. Unsubscribe here.",
            },
            "newsletter",
            "marketing",
        ),
    ],
)
def test_moments_and_their_usual_channel(options, moment, channel):
    found = infer(**options)
    assert (found.moment, found.channel) == (moment, channel)
    assert not found.given


def test_nothing_to_go_by_is_other_and_service():
    assert infer("The kettle is blue.") == context.Context("service", "other")


def test_what_the_source_says_wins():
    found = infer("There is an outage in your street.", hints={"channel": "Sales", "moment": "outreach"})
    assert found == context.Context("sales", "outreach", given=True)
    assert infer(hints={"channel": "shouting", "moment": "tea"}) == context.Context("service", "other")


def test_an_answer_to_a_customer_is_support():
    assert infer("The kettle is blue.", customer=True).channel == "support"


def test_the_last_row_that_matches_a_path_wins():
    rows = (("mails/*", "service"), ("mails/promo-*", "marketing"))
    assert context.by_path("mails/promo-may.md", rows) == "marketing"
    assert context.by_path("deep/down/mails/a.md", rows) == "service"
    assert context.by_path("other/a.md", rows) is None


def test_every_cue_names_a_moment_or_channel_and_can_be_reached():
    moments, channels, usual = context._cues()
    assert {cue.label for cue in moments} == set(MOMENTS) - {"other"}
    assert {cue.label for cue in channels} <= set(CHANNELS)
    assert set(usual) <= set(MOMENTS)
    assert set(usual.values()) <= set(CHANNELS)
    assert {cue.field for cue in (*moments, *channels)} <= {"path", "subject", "text", "tail", "hints"}
    for moment in {cue.label for cue in moments}:
        assert sum(cue.weight for cue in moments if cue.label == moment) >= context._FLOOR

"""The view follows the end until the person scrolls away, and content never shrinks under their eyes."""

from app.ui.transcript.ending import Ending


def test_it_follows_until_the_person_scrolls_up() -> None:
    ending = Ending()
    ending.on_scrolled(500, 460, 500, growing=True)
    assert not ending.follows
    ending.on_scrolled(460, 480, 520, growing=True)
    assert not ending.follows
    ending.on_scrolled(480, 520, 520, growing=True)
    assert ending.follows


def test_a_question_that_was_sent_can_stand_near_the_top() -> None:
    ending = Ending()
    ending.on_sent(900)
    assert ending.maximum(content=1000, viewport=600) == 900
    assert ending.maximum(content=2000, viewport=600) == 1400


def test_what_is_on_the_screen_stays_there_when_the_content_shrinks() -> None:
    ending = Ending()
    ending.on_changed(300)
    assert ending.maximum(content=700, viewport=600) == 300


def test_the_room_below_the_end_goes_when_the_person_scrolls_up_in_peace() -> None:
    ending = Ending()
    ending.on_sent(900)
    ending.on_scrolled(900, 700, 900, growing=True)
    assert ending.reach == 900
    ending.on_scrolled(700, 500, 900, growing=False)
    assert ending.reach == 500


def test_another_conversation_starts_at_its_own_end() -> None:
    ending = Ending()
    ending.on_sent(900)
    ending.on_scrolled(900, 100, 900, growing=True)
    ending.on_opened()
    assert (ending.follows, ending.reach) == (True, 0)

"""A paragraph has the line height of its role, and is never taken for markup."""

from app.ui.controls.paragraph import Paragraph
from app.ui.theme import Role, Theme


def _height(theme: Theme, text: str, width: int = 300) -> int:
    paragraph = Paragraph(theme, Role.INTERFACE)
    paragraph.set_text(text)
    return paragraph.heightForWidth(width)


def test_each_line_is_as_high_as_the_look_says(theme: Theme) -> None:
    one, two = _height(theme, "word"), _height(theme, "word " * 12)
    assert one == 20
    assert two == 40


def test_what_is_written_is_text_and_not_markup(theme: Theme) -> None:
    paragraph = Paragraph(theme, Role.INTERFACE)
    paragraph.set_text("<b>bold</b> & <img src=x>", "more", "#ff0000")
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; &lt;img" in paragraph.text()
    assert paragraph.plain_text == paragraph.accessibleName() == "<b>bold</b> & <img src=x> more"


def test_a_long_path_is_broken_after_its_slashes(theme: Theme) -> None:
    paragraph = Paragraph(theme, Role.INTERFACE)
    paragraph.set_text("/folder" * 60 + " is a folder.")
    assert paragraph.minimumSizeHint().width() < 300
    assert paragraph.heightForWidth(300) > 100

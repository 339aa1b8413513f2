"""The transcript's own distances in pixels, as far as the look does not name them for all places."""

from typing import Final

from app.ui.theme import Size, Space


class Measure:
    """Distances and heights of the transcript's parts."""

    # Thinking: the header, the rule that begins below it, the trace between its hairlines, the foot with its tools.
    HEADER: Final = Size.COMPACT
    RULE_TOP: Final = 6
    FOLDED_BELOW: Final = 4
    OPEN_BELOW: Final = 20
    TRACE_PAD: Final = 8
    TRACE_TALL_LINES: Final = 14
    TRACE_COMPACT_LINES: Final = 7
    TRACE_END: Final = 12
    TRACE_BAR: Final = 10
    TRACE_GAP: Final = 8
    TRACE_CODE_HANG: Final = 12
    FOOT: Final = Space.S + Size.ICON_BUTTON
    BAR: Final = 72
    # A question's surface, and the speaker beside or above a message.
    QUESTION_PAD: Final = 10
    SPEAKER: Final = 16
    SPEAKER_ABOVE: Final = SPEAKER + 4
    SPEAKER_BESIDE_HEADER: Final = 6
    SPEAKER_BESIDE_TEXT: Final = 5
    # Below a reply.
    TOOLS_GAP: Final = 6
    TOOLS_APART: Final = 2
    VERSIONS_APART: Final = 4
    END_GAP: Final = 8
    CUT_GAP: Final = 12
    # Code: the line with the language and Copy, and the room around the text.
    CODE_HEAD: Final = 34
    CODE_TOP: Final = 2
    CODE_BOTTOM: Final = 14
    CODE_BUTTON_END: Final = 6
    # Room that a growing reply keeps below it, at most one part of so many of the view, and how near the top a question
    # comes that was sent.
    GROWING_ROOM: Final = 178
    GROWING_SHARE: Final = 4
    SENT_TOP: Final = 16
    JUMP_BOTTOM: Final = 12
    # More text than this is not folded in steps.
    FOLD_LINES: Final = 200
    # Milliseconds until a prompt that is being read says how far it is, and between two ticks of a clock.
    READING_AFTER: Final = 400
    TICK: Final = 1000
    AUTO_SCROLL: Final = 40

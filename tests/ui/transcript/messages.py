"""Messages to show: questions, and replies in every state."""

from app.chat.conversation import FinishReason, Message, ReplyState, Segment, Text

THINKING = "\n\n".join(
    f"Step {number}: this follows from the one before it, and so on." for number in range(40)
)
ANSWER = "About five hours.\n\n```python\nprint(5)\n```\n\nIt differs from person to person."


def question(message_id: str, text: str = "How long is it?") -> Message:
    """What a person asked."""
    return Message(id=message_id, role="user", parts=(Text(text),))


def reply(
    message_id: str,
    thinking: str = "",
    answer: str = "",
    state: ReplyState = "finished",
    reason: FinishReason | None = None,
    tokens: int = 1842,
    seconds: float = 57.4,
) -> Message:
    """What a model thought and answered; `tokens` and `seconds` are the thinking's."""
    segments = []
    if thinking:
        segments.append(Segment("thinking", "model", thinking, tokens, seconds))
    if answer:
        segments.append(Segment("answer", "model", answer, 100, 3.0))
    return Message(
        id=message_id,
        role="assistant",
        segments=tuple(segments),
        state=state,
        reason=reason or (None if state == "streaming" else "end"),
        model="Qwen3 8B",
    )


def long_conversation(turns: int) -> tuple[Message, ...]:
    """Many questions and answers."""
    messages: list[Message] = []
    for number in range(turns):
        messages.append(question(f"q{number}", f"Question number {number}?"))
        messages.append(
            reply(f"r{number}", "I think.\n\nI conclude.", f"Answer {number}. {ANSWER * (1 + number % 3)}")
        )
    return tuple(messages)

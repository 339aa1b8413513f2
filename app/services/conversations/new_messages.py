"""Makes the messages that are added to a conversation: a person's question, and the reply that is to be written."""

from app.chat.conversation import Conversation, Message, ReplyState, Text
from app.chat.options import GenerateOptions
from app.services.conversations.conversation_service import ConversationService


class NewMessages:
    """Messages with ids of their own, and never older than what stands before them."""

    def __init__(self, conversations: ConversationService) -> None:
        self._conversations = conversations

    def question(
        self, value: Conversation, parent: str | None, text: str, derived_from: str | None = None
    ) -> Message:
        """A question below `parent`, made from another one where it was edited."""
        return Message(
            self._conversations.new_id(),
            "user",
            parent,
            derived_from,
            parts=(Text(text),),
            created=value.time(self._conversations.now()),
        )

    def reply(
        self,
        value: Conversation,
        parent: str | None,
        state: ReplyState,
        model: str,
        options: GenerateOptions,
        derived_from: str | None = None,
    ) -> Message:
        """An empty reply below a question, another version of one where it is asked for again."""
        return Message(
            self._conversations.new_id(),
            "assistant",
            parent,
            derived_from,
            state=state,
            model=model,
            options=options,
            created=value.time(self._conversations.now()),
        )

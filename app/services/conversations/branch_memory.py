"""Where each branch of a conversation was looked at last, so that going back to a version leads there."""

from app.chat.conversation import Conversation


class BranchMemory:
    """The leaves that were in sight, by the messages above them; for one run of the app."""

    def __init__(self) -> None:
        self._leaves: dict[str, str] = {}

    def note(self, conversation: Conversation) -> None:
        """The person leaves the branch that is active now."""
        leaf = conversation.leaf
        if leaf is not None:
            for message in conversation.branch():
                self._leaves[message.id] = leaf

    def leaf(self, conversation: Conversation, message_id: str) -> str:
        """Below a message, the leaf that was in sight last; where none was, the newest."""
        leaf = self._leaves.get(message_id)
        if leaf is not None and any(message.id == leaf for message in conversation.messages):
            return leaf
        return conversation.newest_leaf(message_id)

"""What a title may be, wherever a person types one."""

from typing import Final

LONGEST_TITLE: Final = 200
"""Letters that a person may call a conversation by."""

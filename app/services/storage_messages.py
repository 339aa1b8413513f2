"""What can happen to stored conversations, in words."""

from collections.abc import Callable

from app.errors import Parameters
from app.services.explanation import Explanation

STORAGE_ERRORS: dict[str, Callable[[Parameters], Explanation]] = {}

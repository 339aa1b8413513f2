"""What a conversation is called before a person names it: a line made by rule from its first exchange."""

import re
import unicodedata

LONGEST = 60
"""Characters of a title at most, the ellipsis of one that was cut among them."""

_READ = 4000
"""Characters of a text that are looked at: what names it stands at its beginning."""

_STOPS = "\u3002\uff01\uff0c\u3001"
"""Full stop, exclamation mark, comma and enumeration comma of Chinese and Japanese."""

_LINES = 40
_LINE = 200
"""Of these, so many lines, and so many characters of each."""

_ELLIPSIS = "…"
_JOINER = "\u200d"

_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})[^\n]*\n(.*?)(?:^[ \t]*\1[^\n]*$|\Z)", re.MULTILINE | re.DOTALL)
_QUOTED = re.compile(r"^[ \t]*>[^\n]*$", re.MULTILINE)
_HEADING = re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+(\S[^\n]*?)[ \t#]*$", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
_ADDRESS = re.compile(r"\b(?:https?|ftp)://(\S+)|\bwww\.\S+")
_BEFORE_A_LINE = re.compile(r"^(?:[ \t]*(?:[-*+]|\d{1,3}[.)]|#{1,6}|>)[ \t]+)+")
_MARKS = re.compile(r"(\*{1,3}|_{1,3}|~~|`+)(?=\S)(.+?)(?<=\S)\1(?!\w)")
_RULE = re.compile(r"^[\s\-=*_|:+#]+$")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’»)\]]*\s+|(?<=[\u3002\uff01\uff1f])")
_SHORT = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|dr|mr|mrs|ms|st|no|bzw|ca|z\.B|d\.h)|\b\w)\.$", re.IGNORECASE)

_GREETING = re.compile(
    r"^(?:hi+|hello|hey+|hiya|howdy|greetings|good (?:morning|afternoon|evening|day)|dear \w+|"
    r"hallo|guten (?:morgen|tag|abend)|moin|servus|bonjour|bonsoir|salut|hola|buenos d[ií]as|buenas(?: tardes)?|"
    r"ciao|buongiorno|ol[áa]|bom dia|привет|здравствуй(?:те)?|merhaba|שלום|مرحبا|السلام عليكم|नमस्ते|"
    r"你好|您好|こんにちは|안녕하세요)"
    r"(?: (?:there|all|everyone|everybody|again|friend|together|zusammen))?"
    rf"(?=$|[\s,.!:;–—{_STOPS}-])[\s,.!:;–—{_STOPS}-]*",
    re.IGNORECASE,
)

_PAIRS = (('"', '"'), ("'", "'"), ("“", "”"), ("„", "“"), ("‘", "’"), ("«", "»"), ("「", "」"))


def title_from(question: str, answer: str = "") -> str:
    """A title of at most 60 characters: from the question, and where that tells nothing, from the answer.

    Empty only when both are.
    """
    asked, answered = question[:_READ], answer[:_READ]
    for title in (_said(asked), _heading(answered) or _said(answered)):
        if _tells(title):
            return _cut(title)
    return _cut(_said(asked, greeted=True) or _address(asked) or _first_line(asked) or _first_line(answered))


def _said(text: str, *, greeted: bool = False) -> str:
    """The first sentence that tells something, of what a person would read aloud."""
    prose = _ADDRESS.sub(" ", _LINK.sub(r"\1", _QUOTED.sub("", _FENCE.sub("\n", text))))
    fallback = ""
    for line in _lines(prose):
        plain = _plain(line)
        sentence = _first_sentence(plain if greeted else _GREETING.sub("", plain))
        if _tells(sentence):
            return sentence
        fallback = fallback or sentence
    return fallback


def _heading(text: str) -> str:
    found = _HEADING.search(_FENCE.sub("\n", text))
    return _plain(found[1][:_LINE]) if found else ""


def _address(text: str) -> str:
    """An address without its scheme, where a text is nothing else."""
    found = _ADDRESS.search(text)
    return (found[1] or found[0]).rstrip("/") if found else ""


def _first_line(text: str) -> str:
    """The first line of anything, code too."""
    lines = (_tidy(line) for line in _lines(text) if not line.lstrip().startswith(("```", "~~~")))
    return next((line for line in lines if line), "")


def _lines(text: str) -> list[str]:
    """The beginnings of the first lines that are not blank."""
    return [line[:_LINE] for line in text.splitlines() if line.strip()][:_LINES]


def _plain(line: str) -> str:
    """A line without Markdown, and without quotation marks around the whole of it."""
    if _RULE.match(line):
        return ""
    text = _BEFORE_A_LINE.sub("", line)
    for _ in range(3):
        text = _MARKS.sub(r"\2", text)
    text = _tidy(text)
    for first, last in _PAIRS:
        inner = text[1:-1]
        if len(text) > 2 and text[0] == first and text[-1] == last and last not in inner:
            return inner.strip()
    return text


def _tidy(text: str) -> str:
    """Without control characters, those that turn the direction of text among them; single spaces."""
    kept = (
        " " if c.isspace() else c
        for c in text
        if c.isspace() or c == _JOINER or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    return " ".join("".join(kept).split())


def _first_sentence(text: str) -> str:
    end = 0
    for found in _SENTENCE_END.finditer(text):
        sentence = text[: found.start()]
        if _tells(sentence) and not _SHORT.search(sentence):
            end = found.start()
            break
    sentence = text[:end] if end else text
    return sentence.strip().rstrip(f".:,;! {_STOPS}") or sentence.strip()


def _tells(text: str) -> bool:
    """Whether there is anything in it to know a conversation by."""
    return sum(character.isalnum() for character in text) >= 2


def _cut(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    room = text[: LONGEST - 1]
    at = room.rfind(" ")
    if text[LONGEST - 1] == " ":
        at = LONGEST - 1
    if at < LONGEST // 2:
        at = _between_characters(text, LONGEST - 1)
    return text[:at].rstrip(f" .,:;-–—({_STOPS}") + _ELLIPSIS


def _between_characters(text: str, at: int) -> int:
    """The last place up to `at` that does not part what is seen as one character."""
    while at > 0 and (_goes_on(text[at]) or text[at - 1] == _JOINER or _parts_a_flag(text, at)):
        at -= 1
    return at


def _goes_on(character: str) -> bool:
    """Whether it belongs to the character before: an accent, a vowel sign, an emoji's variant or skin."""
    return (
        unicodedata.category(character) in ("Mn", "Mc", "Me")
        or character == _JOINER
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )


def _parts_a_flag(text: str, at: int) -> bool:
    """Whether an odd number of the letters that flags are made of stands before `at`, and one more follows."""
    before = 0
    while before < at and _is_flag_letter(text[at - 1 - before]):
        before += 1
    return before % 2 == 1 and _is_flag_letter(text[at])


def _is_flag_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"

"""All house rules together, over all files."""

from collections.abc import Iterator
from pathlib import Path

from tests.rules import import_rules, size_rules, style_rules, text_rules
from tests.rules.source import ROOT, Breach, Rule, code, texts

CODE_RULES: tuple[Rule, ...] = (
    size_rules.short_modules,
    size_rules.small_classes,
    size_rules.short_functions,
    import_rules.libraries_in_their_rooms,
    style_rules.opens_with_a_sentence,
    style_rules.telling_names,
    style_rules.narrow_excepts,
    style_rules.no_work_at_import,
    style_rules.tokens_only,
)

TEXT_RULES: tuple[Rule, ...] = (
    text_rules.finished,
    text_rules.no_ones_folders,
    text_rules.no_registry_addresses,
)


def breaches(root: Path = ROOT) -> Iterator[Breach]:
    """Every breach in the repository."""
    sources = code(root)
    for source in sources:
        for rule in CODE_RULES:
            yield from rule(source)
    yield from size_rules.short_on_the_whole(sources)
    for text in texts(root):
        for rule in TEXT_RULES:
            yield from rule(text)

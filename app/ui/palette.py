"""The theme's colours as a palette, for what no style sheet reaches."""

from PySide6.QtGui import QPalette

from app.ui.tokens import Tokens


def palette(t: Tokens) -> QPalette:
    """The palette of an application in these colours."""
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, color in (
        (roles.Window, t.page),
        (roles.WindowText, t.text),
        (roles.Base, t.raised),
        (roles.AlternateBase, t.sunken),
        (roles.Text, t.text),
        (roles.Button, t.raised),
        (roles.ButtonText, t.text),
        (roles.BrightText, t.danger),
        (roles.PlaceholderText, t.muted),
        (roles.Highlight, t.selection),
        (roles.HighlightedText, t.text),
        (roles.Link, t.accent_text),
        (roles.LinkVisited, t.accent_text),
        (roles.ToolTipBase, t.text),
        (roles.ToolTipText, t.page),
        (roles.Accent, t.accent),
    ):
        palette.setColor(role, color)
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, t.disabled)
    return palette

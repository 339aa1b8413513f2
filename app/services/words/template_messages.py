"""What can be wrong with a model's chat template, in words."""

from collections.abc import Callable

from app.errors import Parameters
from app.services.words.explanation import Explanation, tr

_LONGEST_REASON = 200


def _template_syntax(parameters: Parameters) -> Explanation:
    line = parameters.get("line", 0)
    title = tr("This model’s chat template cannot be understood.")
    if line:
        title = tr("This model’s chat template cannot be understood: line {line} is no template.").format(
            line=line
        )
    return Explanation(title, tr("Another file of the same model may have a newer template."))


def _template_runaway(_parameters: Parameters) -> Explanation:
    return Explanation(tr("This model’s chat template did not come to an end."), _from_now_on())


def _template_too_long(_parameters: Parameters) -> Explanation:
    return Explanation(tr("This model’s chat template writes more than any model can read."), _from_now_on())


def _template_forbidden(_parameters: Parameters) -> Explanation:
    return Explanation(
        tr("This model’s chat template reaches for what is none of its business."), _from_now_on()
    )


def _from_now_on() -> str:
    return tr("Your text is safe. Ask again; the model is asked in plain words now, without its template.")


def _template_refused(parameters: Parameters) -> Explanation:
    reason = _reason(parameters)
    title = tr("This model’s chat template does not take this conversation.")
    if reason:
        title = tr("This model’s chat template does not take this conversation: “{reason}”.").format(
            reason=reason
        )
    return Explanation(title, tr("Ask in a new conversation, or without a system prompt."))


def _template_tools(_parameters: Parameters) -> Explanation:
    return Explanation(
        tr("This model’s chat template works with tools alone."),
        tr("Choose another model, or another file of this one."),
    )


def _template_failed(parameters: Parameters) -> Explanation:
    reason = _reason(parameters)
    title = tr("This model’s chat template failed.")
    if reason:
        title = tr("This model’s chat template failed: {reason}.").format(reason=reason)
    return Explanation(title, tr("Another file of the same model may have a newer template."))


def _reason(parameters: Parameters) -> str:
    """What the template says of it: one short line, whatever a stranger wrote."""
    text = str(parameters.get("reason", ""))[: 4 * _LONGEST_REASON]
    visible = "".join(character if character.isprintable() else " " for character in text)
    line = " ".join(visible.split())
    shown = line if len(line) <= _LONGEST_REASON else f"{line[:_LONGEST_REASON]}…"
    return shown.rstrip(".")


TEMPLATE_ERRORS: dict[str, Callable[[Parameters], Explanation]] = {
    "template_syntax": _template_syntax,
    "template_runaway": _template_runaway,
    "template_too_long": _template_too_long,
    "template_forbidden": _template_forbidden,
    "template_refused": _template_refused,
    "template_tools": _template_tools,
    "template_failed": _template_failed,
}


def template_notice(code: str) -> Explanation | None:
    """What is told once about a model that was loaded all the same; None for what is no matter of its template."""
    if code == "template_missing":
        return Explanation(tr("This file has no chat template."), tr("A plain one is used."))
    if code == "template_distrusted":
        return Explanation(
            tr("This file’s chat template was stopped before and is not used."),
            tr("The model is asked in plain words, and may answer less well."),
        )
    if code == "system_folded":
        return Explanation(
            tr("This model knows no system prompt."), tr("Yours is put before the first question instead.")
        )
    if code in TEMPLATE_ERRORS:
        return Explanation(TEMPLATE_ERRORS[code]({}).title, tr("A plain one is used."))
    return None

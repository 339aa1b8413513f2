"""Stands in for the loader of PySide's signature modules, which takes a sixth of the window's start.

They word the error of a wrong call and answer `inspect.signature`; until the first of these, none of them is needed.
What PySide's own loader defines for its C code is defined here too, and asks that loader when it is called. Its switch
for `from __feature__ import ...` is not used here: without it every import statement costs less.
"""

import importlib
from types import ModuleType
from typing import Any

WHOLE = "shibokensupport.signature.whole_loader"
"""The name by which PySide's own loader lies beside this one."""


def _prepare() -> None:
    """Does what PySide's C code counts on before it calls anything: it words an error by way of `mapping` itself."""
    signature = importlib.import_module("shibokensupport.signature")
    within = importlib.import_module("signature_bootstrap")
    for name in ("get_signature", "make_snake_case_name"):
        setattr(signature, name, getattr(within, name))
    importlib.import_module("shibokensupport.signature.mapping")


def _whole() -> ModuleType:
    return importlib.import_module(WHOLE)


def pyside_type_init(*words: Any) -> Any:
    """Reads the signatures of a type."""
    return _whole().pyside_type_init(*words)


def create_signature(*words: Any) -> Any:
    """Makes what `inspect.signature` shows."""
    return _whole().create_signature(*words)


def seterror_argument(*words: Any) -> Any:
    """Words the error of a call with arguments that do not fit."""
    return _whole().seterror_argument(*words)


def make_helptext(*words: Any) -> Any:
    """Makes a docstring of signatures."""
    return _whole().make_helptext(*words)


def finish_import(_module: ModuleType) -> None:
    """Would bring back functions that were taken out of Qt long ago."""


def feature_import(*_words: Any) -> None:
    """Would look at an import for `__feature__`."""


def feature_imported(_module: ModuleType) -> None:
    """Would read the source of an imported module for a mention of PySide."""


def post_init() -> None:
    """Would put the two above before every import."""


_prepare()

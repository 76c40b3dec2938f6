"""The connection that records belong to, and the context that new ones get."""

import contextlib
import threading

__all__ = ['Config', 'get_config', 'set_trytond']

_CONFIG = threading.local()


class Config:

    def __init__(self):
        self._context = {}
        # The classes of models, and the records by their nodes.
        self._models = {}
        self._records = {}

    @property
    def context(self):
        return self._context.copy()

    def set_context(self, context=None, **keys):
        """Adds to the context from now on; at the end of a `with`, what was before comes back."""
        return self._replace_context({**self._context, **(context or {}), **keys})

    def reset_context(self):
        """Empties the context in the same way."""
        return self._replace_context({})

    def _replace_context(self, context):
        restore = contextlib.ExitStack()
        restore.callback(setattr, self, '_context', self._context)
        self._context = context
        return restore


def get_config():
    return _CONFIG.current


def set_trytond(database=None, user='admin', config_file=None):
    raise NotImplementedError("the harness has to be installed first")

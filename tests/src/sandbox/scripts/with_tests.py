"""Run one of Tryton's scripts with trytond's own module `tests`: with_tests.py CONFIG SCRIPT ARGUMENT…

The module is part of trytond, which lists it only where `Pool.test` is true. That would change how the server behaves
(ids that begin anywhere, errors instead of texts that are missing), so it is only added to the list.
"""
import inspect
import runpy
import sys
from functools import partial

import trytond.config

CONFIG, SCRIPT, *_ = sys.argv[1:]
# Up to series 7.0 the configuration is an object of the same name inside the module.
(trytond.config if hasattr(trytond.config, "update_etc") else trytond.config.config).update_etc(CONFIG)

from trytond import modules  # noqa: E402: trytond reads its configuration at import


def with_tests(function):
    return lambda *args, **options: function(*args, **{**options, "with_test": True})


# In series 6.0 the module is on the list anyway.
for name in ("get_modules", "register_classes"):
    function = getattr(modules, name, None)
    if function and "with_test" in inspect.signature(function).parameters:
        setattr(modules, name, with_tests(function))

sys.argv = sys.argv[2:]
runpy.run_path(SCRIPT, run_name="__main__")

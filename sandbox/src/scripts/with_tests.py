"""Run one of Tryton's scripts with trytond's own module `tests`: with_tests.py CONFIG SCRIPT ARGUMENT…

The module is part of trytond, which lists it only where `Pool.test` is true. That would change how the whole server
behaves (ids that begin anywhere, errors in the place of missing texts), so here it is only put on the list.

Clients may call `search`, `read`, `create` and the like on models with views only, and most of these have none.
Each of them is made one, as if it were defined so.
"""
import inspect
import runpy
import sys

import trytond.config

CONFIG, SCRIPT = sys.argv[1:3]
# Up to series 7.0 the configuration is an object of the same name inside the module.
(trytond.config if hasattr(trytond.config, "update_etc") else trytond.config.config).update_etc(CONFIG)

from trytond import modules, tests  # noqa: E402: trytond reads its configuration at import


def list_with_tests(function):
    return lambda *args, **options: function(*args, **{**options, "with_test": True})


# In series 6.0 the module is on the list anyway.
for name in ("get_modules", "register_classes"):
    function = getattr(modules, name, None)
    if function and "with_test" in inspect.signature(function).parameters:
        setattr(modules, name, list_with_tests(function))

# Not before: it takes the functions from there.
from trytond.model import ModelStorage, ModelView  # noqa: E402
from trytond.pool import Pool  # noqa: E402


def register(register=tests.register):
    register()
    for cls in Pool.classes["model"]["tests"]:
        if issubclass(cls, ModelStorage) and not issubclass(cls, ModelView):
            cls.__bases__ += (ModelView,)


tests.register = register

sys.argv = sys.argv[2:]
runpy.run_path(SCRIPT, run_name="__main__")

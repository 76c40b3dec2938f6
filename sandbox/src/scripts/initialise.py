"""Initialise an empty database: initialise.py CONFIG DATABASE MODULE…

This is `trytond-admin -u … --activate-dependencies` without the validation of the records that the modules ship.
They are the publisher's own, and validating them takes half of the time; the database comes out the same.
"""
import os
import runpy
import sys

import trytond.config

CONFIG, DATABASE, *MODULES = sys.argv[1:]
# Up to series 7.0 the configuration is an object of the same name inside the module.
(trytond.config if hasattr(trytond.config, "update_etc") else trytond.config.config).update_etc(CONFIG)

from trytond.model import ModelStorage  # noqa: E402: trytond reads its configuration at import

ModelStorage._validate = classmethod(lambda cls, records, field_names=None: None)

script = os.path.join(os.path.dirname(sys.executable), "trytond-admin")
sys.argv = [
    script, "-c", CONFIG, "-d", DATABASE, "-u", "ir", "res", *MODULES,
    "--activate-dependencies", "--email", "admin@example.com",
]
runpy.run_path(script, run_name="__main__")

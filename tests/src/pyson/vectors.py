"""Run trytond's own tests of PYSON, and print a line for each expression that they evaluate: vectors.py ORACLE

ORACLE is the path of oracle.py. A line is {"expression": text, "environment": object, "now": datetime, "value": …}.
"""
import datetime
import importlib.util
import json
import sys
import unittest

ORACLE, sys.argv[1:] = sys.argv[1], ["trytond"]
spec = importlib.util.spec_from_file_location("oracle", ORACLE)
oracle = importlib.util.module_from_spec(spec)
spec.loader.exec_module(oracle)

from trytond import pyson  # noqa: E402: the oracle chooses it by the arguments

Decoder = pyson.PYSONDecoder


class Recorder(Decoder):

    def __init__(self, context=None, noeval=False):
        super().__init__(context, noeval)
        self.environment = context or {}

    def decode(self, text):
        if self.noeval:
            return super().decode(text)
        now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
        pyson.datetime = oracle.Clock(now)
        try:
            value = super().decode(text)
        finally:
            pyson.datetime = datetime
        print(json.dumps(oracle.write(
            {"expression": text, "environment": self.environment, "now": now, "value": value})))
        return value


pyson.PYSONDecoder = Recorder
from trytond.tests import test_pyson  # noqa: E402: it takes the decoder when it is imported

result = unittest.TestResult()
unittest.defaultTestLoader.loadTestsFromModule(test_pyson).run(result)
sys.exit(0 if result.wasSuccessful() and result.testsRun else f"trytond's own tests failed: {result}")

"""Evaluate PYSON with Tryton's own decoder: oracle.py proteus|trytond

Each line of input is a batch, {"now": a datetime, "cases": [{"expression": text, "environment": object}…]}; its answer
is one line, a list of {"value": …} and {"failed": name of the exception}. Values are in the JSON of Tryton's wire.
"""
import base64
import datetime
import importlib
import json
import sys
import warnings
from decimal import Decimal

warnings.simplefilter("ignore")
pyson = importlib.import_module(sys.argv[1] + ".pyson")


def read(dct):
    kind = dct.get("__class__")
    if kind == "Decimal":
        return Decimal(dct["decimal"])
    if kind == "bytes":
        return base64.decodebytes(dct["base64"].encode())
    if kind == "timedelta":
        return datetime.timedelta(seconds=dct["seconds"])
    if kind in {"date", "datetime", "time"}:
        return getattr(datetime, kind)(**{k: v for k, v in dct.items() if k != "__class__"})
    if kind == "float":
        return float(dct["float"])
    return dct


def write(value):
    if isinstance(value, bool) or value is None or isinstance(value, (int, str)):
        return value
    if isinstance(value, float):
        if value != value or abs(value) == float("inf"):
            return {"__class__": "float", "float": json.dumps(value)}
        return value
    if isinstance(value, Decimal):
        return {"__class__": "Decimal", "decimal": format(value, "f")}
    if isinstance(value, datetime.datetime):
        names = ["year", "month", "day", "hour", "minute", "second", "microsecond"]
    elif isinstance(value, datetime.date):
        names = ["year", "month", "day"]
    elif isinstance(value, datetime.time):
        names = ["hour", "minute", "second", "microsecond"]
    elif isinstance(value, datetime.timedelta):
        return {"__class__": "timedelta", "seconds": value.total_seconds()}
    elif isinstance(value, bytes):
        return {"__class__": "bytes", "base64": base64.b64encode(value).decode()}
    elif isinstance(value, dict):
        return {k: write(v) for k, v in value.items()}
    else:
        return [write(v) for v in value]
    return {"__class__": type(value).__name__, **{name: getattr(value, name) for name in names}}


class Clock:
    """The module `datetime` with a clock that stands still."""
    timezone, timedelta, time = datetime.timezone, datetime.timedelta, datetime.time

    def __init__(self, now):
        class Instances(type):
            def __instancecheck__(cls, value):
                return isinstance(value, cls.__mro__[1])

        class date(datetime.date, metaclass=Instances):
            @classmethod
            def today(cls):
                return now.date()

        class fixed(datetime.datetime, metaclass=Instances):
            combine = datetime.datetime.combine

            @classmethod
            def now(cls, tz=None):
                return now.replace(tzinfo=tz)

        self.date, self.datetime = date, fixed


def evaluate(case):
    try:
        return {"value": write(pyson.PYSONDecoder(case["environment"]).decode(case["expression"]))}
    except Exception as error:
        return {"failed": type(error).__name__}


if __name__ == "__main__":
    for line in sys.stdin:
        batch = json.loads(line, object_hook=read)
        pyson.datetime = Clock(batch["now"])
        print(json.dumps([evaluate(case) for case in batch["cases"]]), flush=True)

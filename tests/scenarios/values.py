"""The types of Python as JSON, in the form that Tryton gives them on the wire."""

import base64
import datetime
import json
from decimal import Decimal


def dumps(value, record=()):
    """One line of JSON. A value of the class `record` is written as its id."""
    def default(value):
        if record and isinstance(value, record):
            return value.id
        return _tagged(value)
    return json.dumps(value, default=default, allow_nan=False, separators=(',', ':'))


def loads(text):
    return json.loads(text, object_hook=_untagged)


def _tagged(value):
    # A datetime is a date, too.
    if isinstance(value, datetime.datetime):
        return {'__class__': 'datetime', **_of(value, 'year', 'month', 'day', *_CLOCK)}
    if isinstance(value, datetime.date):
        return {'__class__': 'date', **_of(value, 'year', 'month', 'day')}
    if isinstance(value, datetime.time):
        return {'__class__': 'time', **_of(value, *_CLOCK)}
    if isinstance(value, datetime.timedelta):
        return {'__class__': 'timedelta', 'seconds': value.total_seconds()}
    if isinstance(value, Decimal):
        return {'__class__': 'Decimal', 'decimal': str(value)}
    if isinstance(value, (bytes, bytearray)):
        return {'__class__': 'bytes', 'base64': base64.b64encode(value).decode('ascii')}
    if isinstance(value, (set, frozenset)):
        return list(value)
    raise TypeError(f"a {type(value).__name__} cannot be sent to Tryton: {value!r}")


_CLOCK = ('hour', 'minute', 'second', 'microsecond')


def _of(value, *names):
    return {name: getattr(value, name) for name in names}


def _untagged(value):
    read = _READ.get(value.get('__class__'))
    return read(value) if read else value


def _date(value):
    return datetime.date(value['year'], value['month'], value['day'])


def _time(value):
    return datetime.time(*(value[name] for name in _CLOCK))


_READ = {
    'date': _date,
    'time': _time,
    'datetime': lambda value: datetime.datetime.combine(_date(value), _time(value)),
    'timedelta': lambda value: datetime.timedelta(seconds=value['seconds']),
    'Decimal': lambda value: Decimal(value['decimal']),
    'bytes': lambda value: base64.b64decode(value['base64']),
    }

"""Fields as attributes of records."""

import datetime
from decimal import Decimal

from .lists import ModelList

# What may be assigned to a field of a type, besides None.
_TYPES = {
    'boolean': bool,
    'char': str,
    'text': str,
    'selection': str,
    'multiselection': list,
    'binary': (bytes, bytearray),
    'integer': int,
    'biginteger': int,
    'float': (int, float, Decimal),
    'numeric': Decimal,
    'date': datetime.date,
    'datetime': datetime.datetime,
    'timestamp': datetime.datetime,
    'time': datetime.time,
    'timedelta': datetime.timedelta,
    'dict': dict,
    }


def attribute(name, definition):
    """The descriptor of a field."""
    return _KINDS.get(definition['type'], Field)(name, definition)


class Field:

    def __init__(self, name, definition):
        self.name = name
        self.definition = definition
        self.__doc__ = definition['string']

    def __get__(self, record, model=None):
        if record is None:
            return self
        return self.received(record, record._ask('get', field=self.name))

    def __set__(self, record, value):
        record._ask('set', field=self.name, value=self.sent(record, value))

    def received(self, record, value):
        if self.definition['type'] == 'date' and isinstance(value, datetime.datetime):
            return value.date()
        return value

    def sent(self, record, value):
        type_ = self.definition['type']
        assert value is None and type_ != 'boolean' or isinstance(value, _TYPES.get(type_, object)), (
            f"{value!r} for the field {self.name} of the type {type_}")
        if type_ == 'float' and value is not None:
            return float(value)
        return value


class ToOne(Field):
    """A relation to one record. The record that has been assigned or read stays the same object."""

    def received(self, record, value):
        model, id = self.target(value)
        if id is None:
            return value
        known = record._related.get(self.name)
        if known is None or (known.__class__.__name__, known.id) != (model, id):
            known = record._model(model)._at(id, record._context)
            record._related[self.name] = known
        return known

    def target(self, value):
        return self.definition['relation'], value

    def sent(self, record, value):
        from .model import Model
        assert value is None or isinstance(value, Model), f"{value!r} for the relation {self.name}"
        if value is None:
            return None
        assert value._config is record._config
        record._related[self.name] = value
        return {'node': value._node}


class Reference(ToOne):

    def target(self, value):
        model, _, id = (value or '').partition(',')
        return (model, int(id)) if model and id else (None, None)

    def sent(self, record, value):
        # A text chooses the model, or none, and no record.
        if isinstance(value, str):
            assert value.startswith(','), value
            return value
        return super().sent(record, value)


class ToMany(Field):

    def __get__(self, record, model=None):
        if record is None:
            return self
        if self.name not in record._lists:
            record._lists[self.name] = ModelList(record, self.name, self.definition)
        return record._lists[self.name]

    def __set__(self, record, value):
        raise AttributeError(f"the list {self.name} cannot be replaced: change what is in it")


_KINDS = {
    'many2one': ToOne,
    'one2one': ToOne,
    'reference': Reference,
    'one2many': ToMany,
    'many2many': ToMany,
    }

"""Records, and the classes that models are."""

import functools

import trytond

from . import config as configuration
from .action import convert_action
from .fields import attribute

# Whether it does what a button answers with, as proteus does from the series 7.0 on.
_FOLLOWS_BUTTONS = not trytond.__version__.startswith('6.')


class dualmethod:
    """A method of a class that takes records, and of a record that it takes alone."""

    def __init__(self, function):
        self._function = function

    def __get__(self, record, model):
        if record is None:
            return functools.partial(self._function, model)
        return functools.partial(self._function, model, [record])


class ModelClass(type):
    """The class of a model has the methods of the server for attributes, behind those of its own."""

    def __getattr__(cls, name):
        methods = cls.__dict__.get('_methods', ())
        if name not in methods:
            raise AttributeError(f"{cls.__name__} has no {name}")
        return getattr(cls._proxy, name)


@functools.total_ordering
class Model(metaclass=ModelClass):

    __slots__ = ('_node', '_related', '_lists')

    _config = None
    _proxy = None
    _fields = None

    def __init__(self, id=None, _default=True, **values):
        assert id is None or not values, "a record that exists has its own values"
        context = self._config.context
        if id is None:
            self._take(self._config.ask('new', model=type(self).__name__, context=context, default=_default))
        else:
            self._take(self._config.ask('existing', model=type(self).__name__, id=int(id), context=context))
        self._fill(values)

    @classmethod
    def get(cls, name, config=None):
        """The class of a model."""
        config = config or configuration.get_config()
        key = config.user, name
        if key not in config._models:
            fields = config.ask('fields', model=name, context=config.context)
            names = {field: attribute(field, fields[field]) for field in fields if field != 'id'}
            names |= {
                '__slots__': (), '_config': config, '_proxy': config.get_proxy(name), '_fields': fields,
                '_methods': frozenset(config.get_proxy_methods(name)),
                }
            config._models[key] = ModelClass(name, (Model,), names)
        return config._models[key]

    @classmethod
    def reset(cls, config=None, *names):
        """Has these models, or all of them, looked up anew."""
        config = config or configuration.get_config()
        for user, name in list(config._models):
            if user == config.user and (not names or name in names):
                del config._models[user, name]

    @classmethod
    def _of(cls, node):
        """The record of a node."""
        if node not in cls._config._records:
            record = object.__new__(cls)
            record._take(node)
        return cls._config._records[node]

    @classmethod
    def _at(cls, id, context):
        """The record of an id, in a context."""
        return cls._of(cls._config.ask('existing', model=cls.__name__, id=id, context=context))

    def _take(self, node):
        self._node = node
        self._related, self._lists = {}, {}
        self._config._records[node] = self

    def _ask(self, op, **arguments):
        return self._config.ask(op, node=self._node, **arguments)

    def _model(self, name):
        return Model.get(name, self._config)

    def _fill(self, values):
        """Sets values as a user would, one after the other."""
        for name, value in values.items():
            definition = self._fields[name]
            relation = definition.get('relation')
            if definition['type'] in ('one2many', 'many2many'):
                getattr(self, name).extend(self._made(relation, item) for item in value)
            elif definition['type'] == 'many2one':
                setattr(self, name, self._made(relation, value))
            else:
                setattr(self, name, value)

    def _made(self, model, value):
        """The record that a value stands for: an id, or the values of a new one."""
        if isinstance(value, int):
            return self._model(model)(value)
        if isinstance(value, dict):
            return self._model(model)(**value)
        return value

    def _forget(self):
        """Forgets the records that it has led to."""
        self._related.clear()
        for rows in self._lists.values():
            rows._forget()
        self._lists.clear()

    @property
    def id(self):
        return self._ask('id')

    @property
    def _context(self):
        return self._ask('context')

    @property
    def _timestamp(self):
        return self._ask('timestamp')

    def __str__(self):
        return f'{self.__class__.__name__},{self.id}'

    def __repr__(self):
        return f"proteus.Model.get('{self.__class__.__name__}')({self.id})"

    def __eq__(self, other):
        if isinstance(other, Model):
            return self._identity() == other._identity()
        return NotImplemented

    def __lt__(self, other):
        if isinstance(other, Model) and self.__class__ is other.__class__:
            return self.id < other.id
        return NotImplemented

    def __hash__(self):
        return hash(self._identity())

    def _identity(self):
        return self.__class__.__name__, self.id

    def __int__(self):
        return self.id

    @classmethod
    def find(cls, condition=None, offset=0, limit=None, order=None):
        """The records that meet a condition."""
        context = cls._config.context
        ids = cls._proxy.search(condition or [], offset, limit, order, context)
        return [cls(id) for id in ids]

    @classmethod
    def _together(cls, op, records, **arguments):
        """Does something with records at once, after which each has to be read anew."""
        records = list(records)
        if not records:
            return None
        assert all(record._config is cls._config for record in records)
        try:
            return cls._config.ask(op, nodes=[record._node for record in records], **arguments)
        finally:
            for record in records:
                record._forget()

    @dualmethod
    def save(cls, records):
        cls._together('save', records)

    @dualmethod
    def delete(cls, records):
        cls._together('delete', records)

    @dualmethod
    def reload(cls, records):
        cls._together('reload', records)

    @dualmethod
    def duplicate(cls, records, default=None):
        """Copies of records, which have these values."""
        context = cls._config.context
        ids = cls._config.ask('copy', nodes=[record._node for record in records], default=default, context=context)
        return [cls(id) for id in ids]

    @dualmethod
    def click(cls, records, button, change=None):
        """Presses a button. With `change`, the fields that the button works on, nothing is saved."""
        context = records[0]._context if records else {}
        action = cls._together('click', records, button=button, change=change)
        if not action or isinstance(action, str) or not _FOLLOWS_BUTTONS:
            return action
        if isinstance(action, int):
            action = cls._config.get_proxy('ir.action').get_action_value(action, context)
        return convert_action(action, list(records), context=context, config=cls._config)

    def notifications(self):
        """What the server has to say about the values: pairs of a kind and a text."""
        return self._ask('notifications')

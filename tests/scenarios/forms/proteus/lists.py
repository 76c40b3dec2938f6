"""Fields that hold lists of records."""

from collections.abc import Sequence


class ModelList(Sequence):
    """The records in a list of another record. Each look at it asks the SDK for its rows."""

    __hash__ = None

    def __init__(self, parent, field, definition):
        self._parent, self._field = parent, field
        self.model_name = definition['relation']
        # Every record that has ever been in it.
        self._known = {}

    def _rows(self):
        return [self._row(node) for node in self._ask('rows')]

    def _row(self, node):
        if node not in self._known:
            self._known[node] = self._parent._model(self.model_name)._of(node)
        return self._known[node]

    def _ask(self, op, **arguments):
        return self._parent._ask(op, field=self._field, **arguments)

    def __len__(self):
        return len(self._rows())

    def __getitem__(self, index):
        return self._rows()[index]

    def __iter__(self):
        return iter(self._rows())

    def __eq__(self, other):
        if isinstance(other, (list, ModelList)):
            return list(self) == list(other)
        return NotImplemented

    def __add__(self, other):
        return list(self) + list(other)

    def __radd__(self, other):
        return list(other) + list(self)

    def __repr__(self):
        return repr(list(self))

    def append(self, record):
        self.extend([record])

    def extend(self, records):
        """Puts records at the end that are not in the list yet."""
        records = list(records)
        for record in records:
            assert record.__class__.__name__ == self.model_name, (record, self.model_name)
            assert record._config is self._parent._config
            self._known[record._node] = record
        self._ask('add', rows=[record._node for record in records])

    def new(self, **values):
        """Makes a record in the list, with the server's defaults and then these values."""
        record = self._row(self._ask('new_row'))
        record._fill(values)
        return record

    def pop(self, index=-1):
        """Takes a record off the list."""
        return self._drop(self[index], 'remove')

    def remove(self, record):
        """Deletes a record of the list, once the form is saved."""
        self._drop(self[self.index(record)], 'delete')

    def _drop(self, record, how):
        self._ask('drop', row=record._node, how=how)
        return record

    def find(self, condition=None, offset=0, limit=None, order=None):
        """The records that may be in the list."""
        found = self._ask('find_rows', condition=condition or [], offset=offset, limit=limit, order=order)
        model = self._parent._model(self.model_name)
        return [model._at(id, found['context']) for id in found['ids']]

    def _forget(self):
        for record in self._known.values():
            record._forget()

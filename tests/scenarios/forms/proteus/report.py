"""Reports."""

from . import config as configuration


class Report:

    def __init__(self, name, config=None, context=None):
        self.name = name
        self._config = config or configuration.get_config()
        self._context = {**self._config.context, **(context or {})}

    def execute(self, models=None, data=None):
        """Makes the document of these records, or of the ids in `data`."""
        models = list(models or [])
        ids = [record.id for record in models] or (data or {}).get('ids', [])
        if data is None:
            data = {'id': ids[0] if ids else None, 'ids': ids}
            if models:
                data['model'] = models[0].__class__.__name__
        return self._config.ask('report', name=self.name, ids=ids, data=data, context=self._context)

"""Wizards."""

from . import config as configuration
from .action import convert_action
from .lists import ModelList


class Wizard:

    def __init__(self, name, models=None, action=None, config=None, context=None):
        self.name, self.models, self.action = name, models, action
        self.form, self.form_state, self.actions = None, None, []
        self._config = config or configuration.get_config()
        self._context = {**self._config.context, **(context or {})}
        begun = self._config.ask('wizard_new', name=name, context=self._context)
        self._wizard, self.session_id = begun['wizard'], begun['session']
        self.start_state, self.end_state = begun['start'], begun['end']
        self.state, self.states = None, [self.start_state]
        self.execute(self.start_state)

    @property
    def _proxy(self):
        return self._config.get_proxy(self.name, type='wizard')

    def execute(self, state):
        """Goes on with a state, until the next form or the end."""
        assert state in self.states, (state, self.states)
        self.state = state
        step = self._config.ask('wizard_execute', wizard=self._wizard, state=state, context=self._context | self._about())
        view = step['view']
        if view:
            self.form = self._model(view['model'])._of(view['form'])
            self.form_state = view['state']
            self.states = view['buttons']
        else:
            self.state = self.end_state
        converted = (
            convert_action(action, data, context=self._context, config=self._config)
            for action, data in step['actions'])
        self.actions = [action for action in converted if action is not None]
        if self.state == self.end_state:
            self._config.ask('wizard_delete', wizard=self._wizard, context=self._context)
            for record in self.models or []:
                record.reload()

    def _about(self):
        """What the wizard is told in its context about the records that it was started on."""
        keys = {'active_id': None, 'active_ids': None, 'active_model': None}
        if self.models:
            ids = [record.id for record in self.models]
            keys = {'active_id': ids[0], 'active_ids': ids, 'active_model': self.models[0].__class__.__name__}
        elif isinstance(self.models, ModelList):
            keys['active_model'] = self.models.model_name
        return keys | {'action_id': self.action['id'] if self.action else None}

    def _model(self, name):
        from .model import Model
        return Model.get(name, self._config)

"""The configuration of proteus that sends every call through the bridge."""

import types

import proteus
import proteus.config
from trytond.exceptions import ConcurrencyException, UserError, UserWarning

from . import databases
from .bridge import Refusal


class Config(proteus.config.Config):

    def __init__(self, bridge, server, users, user=1):
        super().__init__()
        self._bridge, self._server, self._users = bridge, server, users
        self._sessions = {}
        self._methods = None
        self._skip_warning = False
        # `activate_modules` of 6.0 and 7.0 marks the pool.
        self.pool = types.SimpleNamespace()
        self.user = user
        self._context = self.call('model.res.user.get_preferences', True, {})

    @property
    def user(self):
        return self._user

    @user.setter
    def user(self, user):
        self._user = int(user)
        if self._user in self._sessions:
            self.ask('use', session=self._sessions[self._user])
            return
        login = self._users.let_in(self._user)
        opened = self.ask(
            'open', url=self._server.url, database=databases.NAME, login=login, password=databases.PASSWORD)
        assert opened['user'] == self._user, (login, opened)
        self._sessions[self._user] = opened['session']

    @property
    def skip_warning(self):
        return self._skip_warning

    @skip_warning.setter
    def skip_warning(self, skip):
        self._skip_warning = skip
        self.ask('accept_warnings', accept=skip)

    def get_proxy(self, name, type='model'):
        return _Proxy(self, f'{type}.{name}')

    def get_proxy_methods(self, name, type='model'):
        if self._methods is None:
            self._methods = self.call('system.listMethods')
        prefix = f'{type}.{name}.'
        methods = (method[len(prefix):] for method in self._methods if method.startswith(prefix))
        return [method for method in methods if '.' not in method]

    def call(self, method, *params):
        """Makes a call. Those of models, wizards and reports end with their context."""
        context = {}
        if not method.startswith('system.'):
            *params, context = params
        return self.ask('rpc', method=method, params=list(params), context=context)

    def ask(self, op, **arguments):
        """Lets the bridge do something. If the server refuses, this raises what the server raised."""
        if op.startswith('wizard_') or arguments.get('method', '').startswith('wizard.ir.module.activate_upgrade.'):
            # It may activate modules, and more modules bring more methods.
            self._methods = None
        self._server.exception = None
        try:
            return self._bridge.ask(op, **arguments)
        except Refusal as refusal:
            raise as_raised(refusal, self._server.exception) from None


class _Proxy:

    def __init__(self, config, name):
        self._config, self._name = config, name

    def __getattr__(self, name):
        return _Method(self._config, f'{self._name}.{name}')


class _Method:
    """Not a function: proteus sets it on a class, where a function would become a method."""

    def __init__(self, config, name):
        self._config, self._name = config, name

    def __call__(self, *params, **keywords):
        if 'context' in keywords:
            params += (keywords.pop('context'),)
        assert not keywords, keywords
        return self._config.call(self._name, *params)


def as_raised(refusal, exception):
    """The server's exception, once it is sure that the SDK has told all that it says.

    The wire carries no subclass of it, but scenarios expect one.
    """
    expected = _expected(exception)
    told = {
        'kind': refusal.kind,
        'message': refusal.message,
        'warning': refusal.warning,
        }
    if expected is None:
        return refusal
    texts = expected.pop('texts')
    assert told == expected, f"the SDK told {told}, but the server said {expected}"
    missing = [text for text in texts if text not in refusal.text]
    assert not missing, f"the SDK said {refusal.text!r}, without {missing}"
    return exception.with_traceback(None)


def _expected(exception):
    """What the SDK has to tell of an exception; nothing of none, for that is an error of another kind."""
    if exception is None:
        return None
    if isinstance(exception, UserWarning):
        warning = {'name': exception.name, 'message': exception.message, 'description': exception.description or ''}
        texts = [exception.message]
        return {'kind': 'warning', 'message': exception.message, 'warning': warning, 'texts': texts}
    if isinstance(exception, UserError):
        texts = [exception.message, exception.description or '']
        return {'kind': 'user_error', 'message': exception.message, 'warning': None, 'texts': texts}
    if isinstance(exception, ConcurrencyException):
        return {'kind': 'concurrency', 'message': None, 'warning': None, 'texts': [exception.message]}
    return {'kind': 'server_exception', 'message': None, 'warning': None, 'texts': [str(exception)]}


def install(bridge, server):
    """From now on `proteus.config.set_trytond` gives a configuration of this kind."""
    users = databases.Users()
    bridge.record = proteus.Model

    def set_trytond(database=None, user='admin', config_file=None):
        assert user == 'admin', f"scenarios begin as the user admin, not {user}"
        proteus.config._CONFIG.current = Config(bridge, server, users)
        return proteus.config._CONFIG.current
    proteus.config.set_trytond = set_trytond

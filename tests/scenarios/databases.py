"""Databases with their modules activated, kept from one run to the next."""

import datetime
import fcntl
import functools
import hashlib
import os
import sqlite3

import proteus.config
import trytond.tests.tools as tools
from trytond.pool import Pool
from trytond.transaction import Transaction

NAME = 'test'
PASSWORD = 'scenario'


class Kept:
    """Takes the place of trytond's own cache of databases, whose copies on 7.0 lack modules.

    A copy is a whole file of SQLite. It is made when the first scenario has made the database; other processes that need
    the same wait for it. What a scenario sets up after the activation of modules is kept for the day, since it may depend
    on it, as a fiscal year does. The database that it begins with is the one with the modules alone.
    """

    # The database without modules.
    EMPTY = 'empty'

    def __init__(self, folder, work, server):
        self._folder = folder
        self._server = server
        self._database = os.path.join(work, NAME + '.sqlite')
        # Those of what this process makes now, to be kept.
        self._locks = {}
        self._activate_modules, self._drop_create = tools.activate_modules, tools.drop_create
        os.makedirs(folder, exist_ok=True)

    def install(self):
        tools.activate_modules = self.activate_modules
        tools.restore_db_cache = self.restore
        tools.backup_db_cache = self.keep
        tools.drop_create = self.create

    def activate_modules(self, modules, *setup):
        self._make(modules, setup)
        # What it took to make the database is no part of the scenario: it begins in the same way when the database is kept.
        self._server.count_anew()
        return proteus.config.set_trytond()

    def _make(self, modules, setup):
        if not setup:
            self._activate_modules(modules)
            return
        names = [modules] if isinstance(modules, str) else modules
        name = '--'.join(['-'.join(sorted(names)), *map(_called, setup)])
        if self.restore(name):
            return
        config = self._activate_modules(modules)
        for function in setup:
            function(config=config)
        self.keep(name)

    def restore(self, name):
        """Whether the database is the one of this name now."""
        taken = self._take(name)
        if taken:
            # Here and not with each configuration: it takes a second or two.
            Pool(NAME).init()
        return taken

    def create(self):
        """Makes a database without modules."""
        if not self.restore(self.EMPTY):
            self._drop_create()
            self.keep(self.EMPTY)

    def keep(self, name):
        # It appears when it is whole.
        kept = self._path(name)
        _copy(self._database, f'{kept}.part')
        os.replace(f'{kept}.part', kept)
        self._locks.pop(name).close()

    def _take(self, name):
        """Whether the database of this name was kept. If not, this process is the one that has to make it."""
        kept = self._path(name)
        if not os.path.exists(kept):
            lock = open(f'{kept}.lock', 'w')
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not os.path.exists(kept):
                self._locks[name] = lock
                return False
            lock.close()
        _copy(kept, self._database)
        return True

    def _path(self, name):
        modules, _, setup = name.partition('--')
        digest = hashlib.sha256(name.encode()).hexdigest()[:20]
        day = f'-{datetime.date.today()}' if setup else ''
        return os.path.join(self._folder, f'{modules[:60]}-{digest}{day}.sqlite')


def _called(function):
    """What tells one setup from another."""
    if isinstance(function, functools.partial):
        return f'{_called(function.func)}(*{function.args}, **{function.keywords})'
    return f'{function.__module__}.{function.__qualname__}'


def _copy(source, target):
    reading, writing = sqlite3.connect(source), sqlite3.connect(target)
    try:
        reading.backup(writing)
    finally:
        reading.close()
        writing.close()


class Users:
    """Gives the users of the database a password, as an administrator would."""

    def __init__(self):
        self._hash = None

    def let_in(self, user):
        """Sets the user's password, and tells the login."""
        with Transaction().start(NAME, 0) as transaction:
            User = Pool(NAME).get('res.user')
            with transaction.set_context(active_test=False):
                login = User(user).login
            if not self._hash:
                # It is meant to take long, and is the same for all of them.
                self._hash = User.hash_password(PASSWORD)
            table = User.__table__()
            update = table.update([table.password_hash], [self._hash], where=table.id == user)
            transaction.connection.cursor().execute(*update)
            transaction.commit()
        return login

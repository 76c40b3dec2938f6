"""Databases with their modules activated, kept from one run to the next."""

import datetime
import fcntl
import hashlib
import os
import sqlite3

import trytond.tests.tools as tools
from trytond.pool import Pool
from trytond.transaction import Transaction

NAME = 'test'
PASSWORD = 'scenario'


class Kept:
    """Takes the place of trytond's own cache of databases, whose copies on 7.0 lack modules.

    A copy is a whole file of SQLite. It is made when `activate_modules` of the first scenario has activated the modules;
    other processes that need the same wait for it.
    """

    def __init__(self, folder, work):
        self._folder = folder
        self._database = os.path.join(work, NAME + '.sqlite')
        # Held while this process makes what is to be kept.
        self._lock = None
        os.makedirs(folder, exist_ok=True)

    def install(self):
        tools.restore_db_cache = self.restore
        tools.backup_db_cache = self.keep

    def restore(self, name):
        kept = self._path(name)
        if not os.path.exists(kept):
            self._lock = open(f'{kept}.lock', 'w')
            fcntl.flock(self._lock, fcntl.LOCK_EX)
            if not os.path.exists(kept):
                return False
            self._lock.close()
        _copy(kept, self._database)
        Pool(NAME).init()
        return True

    def keep(self, name):
        kept = self._path(name)
        # It appears when it is whole.
        beside = f'{kept}.part'
        _copy(self._database, beside)
        os.replace(beside, kept)
        self._lock.close()

    def _path(self, name):
        modules, _, setup = name.partition('--')
        digest = hashlib.sha256(name.encode()).hexdigest()[:20]
        # What a scenario sets up may depend on the day, such as a fiscal year.
        day = f'-{datetime.date.today()}' if setup else ''
        return os.path.join(self._folder, f'{modules[:60]}-{digest}{day}.sqlite')


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

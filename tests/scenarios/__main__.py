"""Runs one scenario: `python -m scenarios JSON`, where JSON is an object with

    scenario    the file
    globals     the names that it begins with
    bridge      the command that starts the SDK's bridge
    databases   the folder of the databases that are kept
    forms       whether records are forms of the SDK, instead of those of proteus whose calls go through the SDK

The last line on standard output is the result, another object. It stops when standard input ends.
"""

import doctest
import io
import json
import logging
import os
import shutil
import sys
import tempfile
import threading
import time
import traceback

# In memory where there is such a folder: a scenario commits hundreds of times.
MEMORY = '/dev/shm'

TRYTOND = """[database]
uri = sqlite://
path = {folder}
[session]
timeout = 86400
"""


def configure(folder):
    """Has to come before the first import of trytond."""
    path = os.path.join(folder, 'trytond.conf')
    with open(path, 'w') as file:
        file.write(TRYTOND.format(folder=folder))
    os.environ.update(DB_NAME='test', TRYTOND_CONFIG=path, TRYTOND_DATABASE_URI='sqlite://')
    os.environ.pop('DB_CACHE', None)
    # What goes wrong is what the scenario shows, be it expected or not.
    logging.disable(logging.CRITICAL)
    import trytond.config
    getattr(trytond.config, 'config', trytond.config).update_etc(path)


def run(folder, scenario, globals, bridge, databases, forms=False):
    """Runs a scenario. The server's files are in `folder`."""
    configure(folder)
    if forms:
        sys.path.insert(0, os.path.join(os.path.dirname(__file__), 'forms'))
    # trytond reads its configuration when it is imported.
    from trytond.pool import Pool
    from trytond.tests import test_tryton

    from . import honesty, transport
    from .bridge import Bridge
    from .databases import Kept
    from .server import Server, honour_check_access

    Pool.start()
    honour_check_access()
    server = Server()
    bridge = Bridge(bridge)
    Kept(databases, folder, server).install()
    transport.install(bridge, server)
    honesty.forbid_connections(server)
    started = time.monotonic()
    failed, attempted, output = check(scenario, globals, test_tryton)
    seconds = time.monotonic() - started
    if failed:
        output += f"\nThe server's answers: {dict(server.answers)}\n"
    bridge.close()
    server.close()
    return {
        'failed': failed, 'attempted': attempted, 'seconds': round(seconds, 1),
        'requests': server.answers.total(), 'output': output,
        }


def check(scenario, globals, test_tryton):
    """The doctest of a scenario, with the options that Tryton itself gives it in the series. It ends with the first failure."""
    options = doctest.FAIL_FAST
    if hasattr(test_tryton, 'STRIP_DECIMAL'):
        options |= doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL | test_tryton.STRIP_DECIMAL
    with open(scenario, encoding='utf-8') as file:
        text = file.read()
    names = {**globals, '__file__': scenario, '__name__': '__main__'}
    test = doctest.DocTestParser().get_doctest(text, names, os.path.basename(scenario), scenario, 0)
    output = io.StringIO()
    runner = doctest.DocTestRunner(checker=test_tryton.doctest_checker, optionflags=options, verbose=False)
    failed, attempted = runner.run(test, out=output.write)
    return failed, attempted, output.getvalue()


def leave(folder):
    shutil.rmtree(folder, ignore_errors=True)
    # Not by the interpreter's own end: threads may still wait for something.
    os._exit(0)


def leave_with_the_owner(folder):
    sys.stdin.buffer.read()
    leave(folder)


def main():
    memory = MEMORY if os.access(MEMORY, os.W_OK) else None
    folder = tempfile.mkdtemp(prefix='tryton-sdk-scenario-', dir=memory)
    threading.Thread(target=leave_with_the_owner, args=[folder], daemon=True).start()
    try:
        result = run(folder, **json.loads(sys.argv[1]))
        print(json.dumps(result), flush=True)
    except BaseException:
        # The exit status would not tell; that there is no result does.
        traceback.print_exc()
    leave(folder)


if __name__ == '__main__':
    main()

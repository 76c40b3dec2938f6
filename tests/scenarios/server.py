"""trytond's own WSGI application, in a thread of this process, so that scenarios can patch what the server runs."""

import collections
import threading

from trytond.protocols.jsonrpc import JSONProtocol
from trytond.rpc import RPC
from trytond.wsgi import app
from werkzeug.serving import WSGIRequestHandler, make_server

# What the SDK calls itself.
CLIENT = 'tryton-sdk/'


class Server:

    def __init__(self):
        self.refused = 0
        # The calls of the SDK, by their methods, and the answers, by their HTTP statuses.
        self.calls = collections.Counter()
        self.answers = collections.Counter()
        # The last exception that a request was answered with.
        self.exception = None
        self._note_what_is_answered()
        self._httpd = make_server('127.0.0.1', 0, self._guarded, request_handler=_Quiet)
        self.thread = threading.Thread(target=self._httpd.serve_forever, name='server', daemon=True)
        self.thread.start()

    @property
    def url(self):
        return f'http://127.0.0.1:{self._httpd.server_port}'

    def count_anew(self):
        self.calls.clear()
        self.answers.clear()

    def close(self):
        self._httpd.shutdown()
        self.thread.join()
        self._httpd.server_close()

    def _guarded(self, environ, start_response):
        """Answers the SDK and nobody else."""
        if not environ.get('HTTP_USER_AGENT', '').startswith(CLIENT):
            self.refused += 1
            start_response('403 Forbidden', [('Content-Type', 'text/plain')])
            return [b'this server answers the SDK only\n']

        def answered(status, *arguments, **keywords):
            self.answers[status] += 1
            return start_response(status, *arguments, **keywords)
        return app(environ, answered)

    def _note_what_is_answered(self):
        respond = JSONProtocol.response.__func__

        def response(cls, data, request):
            self.calls[getattr(request, 'rpc_method', '')] += 1
            if isinstance(data, Exception):
                self.exception = data
            return respond(cls, data, request)
        JSONProtocol.response = classmethod(response)


class _Quiet(WSGIRequestHandler):

    def log(self, *args, **kwargs):
        pass


def honour_check_access():
    """Lets a context switch the access rules off, as proteus can where it is in the server's process.

    With this a scenario plays what the server does by itself, such as to write a field that users only read.
    A server drops the key, so that no client over a network can do it.
    """
    convert = RPC.convert

    def converted(self, obj, *args, **kwargs):
        context = kwargs.get('context', args[-1] if args else None)
        result = convert(self, obj, *args, **kwargs)
        if isinstance(context, dict) and '_check_access' in context:
            result[2]['_check_access'] = context['_check_access']
        return result
    RPC.convert = converted

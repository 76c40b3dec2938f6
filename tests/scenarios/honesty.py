"""What makes sure that calls go through the SDK and no other way."""

import sys
import threading


def forbid_connections(server):
    """From now on, no thread of this process but the server's may connect to anything.

    Whatever opens a connection in Python asks for it by this event: xmlrpc, http.client, a bare socket.
    It cannot be taken back.
    """
    def watch(event, arguments):
        if event == 'socket.connect' and threading.current_thread() is not server.thread:
            raise PermissionError(f"only the SDK may connect, not this process (to {arguments[1]!r})")
    sys.addaudithook(watch)
